// SPDX-License-Identifier: ISC
#include "base/secret.hpp"

#include <sodium/utils.h>

namespace base {

void wipe(void* data, std::size_t size) noexcept {
  if (size > 0)
    sodium_memzero(data, size);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace base
