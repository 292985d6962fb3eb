// SPDX-License-Identifier: ISC
// The time that is left until a deadline.
#pragma once

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>

namespace base {

/// The milliseconds until `deadline`, rounded up, as poll(2) takes them. 0 when it has passed, and
/// never more than INT_MAX, which is 24 days.
inline int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
  using namespace std::chrono;
  const auto left = ceil<milliseconds>(deadline - steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

} // namespace base
