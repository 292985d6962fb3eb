// SPDX-License-Identifier: ISC
// A time as text, without the time zone files that a sandboxed process cannot read.
#pragma once

#include <cstdint>
#include <string>

namespace base {

/// `seconds` since 1970 as 2026-11-23T00:20:11Z. Years outside 0-9999 give the nearest bound.
std::string utc(std::int64_t seconds);

} // namespace base
