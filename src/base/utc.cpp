// SPDX-License-Identifier: ISC
#include "base/utc.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace base {

std::string utc(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::int64_t first = -62167219200, last = 253402300799; // the years 0 and 9999
  const sys_seconds time{std::chrono::seconds{std::clamp(seconds, first, last)}};
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                int(clock.minutes().count()), int(clock.seconds().count()));
  return text;
}

} // namespace base
