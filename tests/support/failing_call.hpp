// SPDX-License-Identifier: ISC
// A system call that fails in this process from now on, as a kernel or a disk may let it fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace support {

/// The calls that fail: those with an argument, counted from 0, that is within these bounds.
struct Failing {
  std::uint32_t call;
  unsigned argument;
  std::uint32_t least;
  std::uint32_t most;
};

/// Lets these calls fail with `error`, without executing them. An error of 0 makes the call give 0.
/// Cannot be undone, so it is for a Child. False when the kernel does not offer it.
inline bool fail_calls(const Failing& failing, std::uint32_t error) {
  constexpr std::uint16_t load = BPF_LD | BPF_W | BPF_ABS, equal = BPF_JMP | BPF_JEQ | BPF_K,
                          least = BPF_JMP | BPF_JGE | BPF_K, above = BPF_JMP | BPF_JGT | BPF_K,
                          give = BPF_RET | BPF_K;
  const auto at = static_cast<std::uint32_t>( // of the lower half; little-endian
      offsetof(seccomp_data, args) + failing.argument * sizeof(std::uint64_t));
  sock_filter filter[] = {
      {load, 0, 0, offsetof(seccomp_data, nr)},
      {equal, 0, 4, failing.call},
      {load, 0, 0, at},
      {least, 0, 2, failing.least},
      {above, 1, 0, failing.most},
      {give, 0, 0, SECCOMP_RET_ERRNO | error},
      {give, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{sizeof filter / sizeof filter[0], filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// The same for each call of that number.
inline bool fail_call(std::uint32_t call, std::uint32_t error) {
  return fail_calls({call, 0, 0, UINT32_MAX}, error);
}

/// The same for each read(2) of `octets` octets. With an error of 0 it is the end of the file.
inline bool fail_reads(std::uint32_t octets, std::uint32_t error) {
  return fail_calls({SYS_read, 2, octets, octets}, error);
}

} // namespace support
