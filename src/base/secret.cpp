// SPDX-License-Identifier: ISC
#include "base/secret.hpp"

#include <sodium/utils.h>

namespace base {

void wipe(void* data, std::size_t size) noexcept {
  if (size > 0)
    sodium_memzero(data, size);
}

} // namespace base
