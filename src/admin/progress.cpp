// SPDX-License-Identifier: ISC
#include "admin/progress.hpp"

#include <iostream>
#include <unistd.h>

namespace admin {

void Progress::at(std::uint64_t done, std::uint64_t all) {
  if (Clock::now() < next_ || ::isatty(STDERR_FILENO) != 1)
    return;
  std::cerr << '\r' << done;
  if (all > 0)
    std::cerr << " of " << all;
  std::cerr << ' ' << what_ << "\x1b[K" << std::flush; // to the end of the line
  is_shown_ = true;
  next_ = Clock::now() + between_updates;
}

void Progress::clear() {
  if (is_shown_)
    std::cerr << "\r\x1b[K" << std::flush;
  is_shown_ = false;
}

} // namespace admin
