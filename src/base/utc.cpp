// SPDX-License-Identifier: ISC
#include "base/utc.hpp"

#include "base/number.hpp"

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

std::optional<std::int64_t> end_of_day(std::string_view date) {
  using namespace std::chrono;
  constexpr std::string_view pattern = "yyyy-mm-dd";
  if (date.size() != pattern.size() || date[4] != '-' || date[7] != '-')
    return {};
  const auto y = parse_number<unsigned>(date.substr(0, 4)),
             m = parse_number<unsigned>(date.substr(5, 2)),
             d = parse_number<unsigned>(date.substr(8, 2));
  if (!y || !m || !d)
    return {};
  const year_month_day day{year(static_cast<int>(*y)), month(*m), std::chrono::day(*d)};
  if (!day.ok())
    return {};
  return duration_cast<seconds>((sys_days(day) + days(1)).time_since_epoch()).count();
}

std::string last_day(std::int64_t end) {
  constexpr std::size_t date = 10;
  return utc(end - 1).substr(0, date);
}

} // namespace base
