// SPDX-License-Identifier: ISC
#include "base/secret.hpp"

#include <array>
#include <cstdint>
#include <sodium/utils.h>
#include <sys/mman.h>

namespace base {

void wipe(void* data, std::size_t size) noexcept {
  if (size > 0)
    sodium_memzero(data, size);
}

namespace {

template <std::size_t Octets> [[gnu::noinline]] void wipe_below_caller() noexcept {
  std::array<char, Octets> octets;
  wipe(octets.data(), octets.size());
}

} // namespace

// The next two pages are wiped. To write to the pages below would cost a page fault for each that
// no check has used: the kernel takes their memory back instead, and gives them zeros.
[[gnu::noinline]] void wipe_stack() noexcept {
  constexpr std::size_t page = 4096, far = 64 * page; // no check uses more
#ifndef __x86_64__
  // Pages may be larger here.
  return wipe_below_caller<far>();
#endif
  wipe_below_caller<2 * page>();
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const auto end = (here - page) / page * page; // below what madvise itself uses
  // An error means that the stack has never been so deep.
  (void)madvise(reinterpret_cast<void*>(end - far), far, MADV_DONTNEED);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace base
