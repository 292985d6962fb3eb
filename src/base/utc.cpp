// SPDX-License-Identifier: ISC
#include "base/utc.hpp"

#include <algorithm>
#include <chrono>

namespace base {

namespace {

/// Two decimal digits.
template <class Number> std::string two(Number number) {
  const auto digit = [](auto value) { return static_cast<char>('0' + value); };
  return {digit(number / 10), digit(number % 10)};
}

} // namespace

std::string utc(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::int64_t first = -62167219200, last = 253402300799; // the years 0 and 9999
  const sys_seconds time{std::chrono::seconds{std::clamp(seconds, first, last)}};
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  const auto year = static_cast<unsigned>(int{date.year()});
  return two(year / 100) + two(year % 100) + "-" + two(unsigned{date.month()}) + "-" +
         two(unsigned{date.day()}) + "T" + two(clock.hours().count()) + ":" +
         two(clock.minutes().count()) + ":" + two(clock.seconds().count()) + "Z";
}

} // namespace base
