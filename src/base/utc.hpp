// SPDX-License-Identifier: ISC
// A time as text, without the time zone files that a sandboxed process cannot read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// `seconds` since 1970 as 2026-11-23T00:20:11Z. Years outside 0-9999 give the nearest bound.
std::string utc(std::int64_t seconds);

/// The first second after the day `date`, which is written as 2027-01-31, in UTC. Nothing when
/// `date` is no day of the calendar.
std::optional<std::int64_t> end_of_day(std::string_view date);

/// The day, in UTC, of the second before `end`, as 2027-01-31: the reverse of end_of_day().
std::string last_day(std::int64_t end);

} // namespace base
