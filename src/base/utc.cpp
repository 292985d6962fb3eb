// SPDX-License-Identifier: ISC
#include "base/utc.hpp"

#include <algorithm>
#include <chrono>

namespace base {

namespace {

/// `number` with zeros before it, so that it has as many digits as `limit` has zeros.
std::string padded(std::int64_t number, std::int64_t limit) {
  return std::to_string(limit + number).substr(1);
}

} // namespace

std::string utc(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::int64_t first = -62167219200, last = 253402300799; // the years 0 and 9999
  const sys_seconds time{std::chrono::seconds{std::clamp(seconds, first, last)}};
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  return padded(int{date.year()}, 10'000) + "-" + padded(unsigned{date.month()}, 100) + "-" +
         padded(unsigned{date.day()}, 100) + "T" + padded(clock.hours().count(), 100) + ":" +
         padded(clock.minutes().count(), 100) + ":" + padded(clock.seconds().count(), 100) + "Z";
}

} // namespace base
