// SPDX-License-Identifier: ISC
#include "base/deadline.hpp"

#include <doctest/doctest.h>
#include <ostream>

using base::milliseconds_until;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

TEST_CASE("no time is left at a deadline and behind it") {
  CHECK(milliseconds_until(Clock::now()) == 0);
  CHECK(milliseconds_until(Clock::now() - 24h) == 0);
}

TEST_CASE("a part of a millisecond is rounded up") {
  const auto deadline = Clock::now() + 1h;
  const int left = milliseconds_until(deadline);
  CHECK(left <= 3'600'000);
  CHECK(Clock::now() + std::chrono::milliseconds(left) >= deadline);
}

TEST_CASE("a deadline that never comes is as far away as poll(2) can say") {
  CHECK(milliseconds_until(Clock::time_point::max()) == INT_MAX);
}
