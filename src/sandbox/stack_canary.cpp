// SPDX-License-Identifier: ISC
#include "sandbox/stack_canary.hpp"

#include "base/system_error.hpp"

#include <cstdint>
#include <unistd.h>

namespace sandbox {

__attribute__((no_stack_protector)) void renew_stack_canary() {
  std::uint64_t canary = 0;
  base::check(getentropy(&canary, sizeof canary), "getrandom");
  // The lowest octet is 0, as the C library has it: a string that reaches the canary ends there.
  canary &= ~std::uint64_t{0xff};
  asm volatile("mov %0, %%fs:0x28" : : "r"(canary) : "memory"); // its place in the ABI of x86-64
}

} // namespace sandbox
