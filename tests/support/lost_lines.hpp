// SPDX-License-Identifier: ISC
// A number of lost lines for one test, without a file.
#pragma once

#include "base/log.hpp"

#include <new>
#include <sys/mman.h>

namespace support {

/// Zero.
inline base::LostLines make_lost_lines() {
  using Number = base::LostLines::element_type;
  void* const place =
      mmap(nullptr, sizeof(Number), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED)
    throw std::bad_alloc();
  return base::LostLines(static_cast<Number*>(place));
}

} // namespace support
