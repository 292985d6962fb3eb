// SPDX-License-Identifier: ISC
// The stack canary of the calling process, where it can be renewed.
#pragma once

#include <cstdint>

namespace support {

#if defined(__x86_64__)
constexpr bool renews_stack_canary = true;
inline std::uint64_t stack_canary() {
  std::uint64_t canary = 0;
  asm volatile("mov %%fs:0x28, %0" : "=r"(canary));
  return canary;
}
#else
constexpr bool renews_stack_canary = false;
inline std::uint64_t stack_canary() {
  return 0;
}
#endif

} // namespace support
