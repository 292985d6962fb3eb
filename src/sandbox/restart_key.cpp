// SPDX-License-Identifier: ISC
#include "sandbox/restart_key.hpp"

#include "base/secret.hpp"
#include "base/system_error.hpp"

#include <cstddef>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sandbox {

// In a page of memory to which a child writes in any case.
[[gnu::section(".data")]] std::uint64_t restart_key = 0;

void forget_restart_key() noexcept {
  base::wipe(&restart_key, sizeof restart_key);
}

std::array<sock_filter, 8> permit_restart(std::uint64_t key) {
  constexpr auto sixth = offsetof(seccomp_data, args) + 5 * sizeof(std::uint64_t);
  const auto low = static_cast<std::uint32_t>(key), high = static_cast<std::uint32_t>(key >> 32);
  constexpr bool is_little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  return {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 6), // else the listener's filter judges
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sixth),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is_little ? low : high, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sixth + sizeof(std::uint32_t)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is_little ? high : low, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  }};
}

void run_program_again(char* const* arguments, char* const* environment) {
  syscall(SYS_execve, "/proc/self/exe", arguments, environment, 0, 0, restart_key);
  base::throw_errno("execve");
}

} // namespace sandbox
