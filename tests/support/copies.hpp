// SPDX-License-Identifier: ISC
// Descriptors for a message of the channel.
#pragma once

#include "base/unique_fd.hpp"

#include <cstddef>
#include <unistd.h>
#include <vector>

namespace support {

/// `count` copies of `fd`; none of a negative one.
inline std::vector<base::UniqueFd> copies(int fd, std::size_t count = 1) {
  std::vector<base::UniqueFd> all;
  while (fd >= 0 && all.size() < count)
    all.emplace_back(dup(fd));
  return all;
}

} // namespace support
