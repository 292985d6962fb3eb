// SPDX-License-Identifier: ISC
#include "base/time_of_day.hpp"

#include <chrono>
#include <doctest/doctest.h>

TEST_CASE("the seconds since 1970 are those of the system's clock") {
  using std::chrono::system_clock;
  const auto before = system_clock::to_time_t(system_clock::now());
  const auto now = base::seconds_since_1970();
  CHECK(before <= now);
  CHECK(now <= system_clock::to_time_t(system_clock::now()));
}
