// SPDX-License-Identifier: ISC
#include "passwords/hash_cost.hpp"

#include <doctest/doctest.h>
#include <limits>

using passwords::Cost;
using passwords::operations;

TEST_CASE("a cost is within a ceiling when neither part is above it") {
  const Cost ceiling{1024, 2};
  CHECK(within({1024, 2}, ceiling));
  CHECK(within({1023, 1}, ceiling));
  CHECK_FALSE(within({1025, 1}, ceiling));
  CHECK_FALSE(within({1, 3}, ceiling));
}

TEST_CASE("operations are rounded up and do not overflow") {
  CHECK(operations(1, 10) == 1);
  CHECK(operations(9, 10) == 1);
  CHECK(operations(10, 10) == 1);
  CHECK(operations(11, 10) == 2);
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  CHECK(operations(most, 1) == most);
  CHECK(operations(most, most) == 1);
  CHECK(operations(most, 2) == most / 2 + 1);
}
