// SPDX-License-Identifier: ISC
#include "base/secret.hpp"

#include <array>
#include <sodium/utils.h>

namespace base {

namespace {

/// Octets, more than the deepest check of a login has used. Pages that no check has touched would
/// each cost a page fault.
constexpr std::size_t wiped_stack = std::size_t{24} * 1024;

} // namespace

void wipe(void* data, std::size_t size) noexcept {
  if (size > 0)
    sodium_memzero(data, size);
}

[[gnu::noinline]] void wipe_stack() noexcept {
  std::array<char, wiped_stack> octets;
  wipe(octets.data(), octets.size());
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace base
