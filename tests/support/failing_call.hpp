// SPDX-License-Identifier: ISC
// A system call that fails in this process from now on, as a kernel or a disk may let it fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

namespace support {

/// Lets each call of `number` whose third argument is `third` fail with `error`, without executing
/// it; for read(2) the third argument is the number of octets that are wanted. An error of 0 makes
/// the call give 0: with read(2), the end of the file. Cannot be undone, so it is for a Child.
/// False when the kernel does not offer it.
inline bool fail_call(std::uint32_t number, std::uint32_t third, std::uint32_t error) {
  constexpr std::uint16_t load = BPF_LD | BPF_W | BPF_ABS, equal = BPF_JMP | BPF_JEQ | BPF_K,
                          give = BPF_RET | BPF_K;
  constexpr std::uint32_t third_at =
      offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t); // its lower half; little-endian
  sock_filter filter[] = {
      {load, 0, 0, offsetof(seccomp_data, nr)},
      {equal, 0, 3, number},
      {load, 0, 0, third_at},
      {equal, 0, 1, third},
      {give, 0, 0, SECCOMP_RET_ERRNO | error},
      {give, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{sizeof filter / sizeof filter[0], filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

} // namespace support
