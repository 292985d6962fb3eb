// SPDX-License-Identifier: ISC
#include "base/utc.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <ostream>

TEST_CASE("a time is written as RFC 3339 has it, in UTC") {
  CHECK(base::utc(0) == "1970-01-01T00:00:00Z");
  CHECK(base::utc(1'000'000'000) == "2001-09-09T01:46:40Z");
  CHECK(base::utc(951'782'399) == "2000-02-28T23:59:59Z");
  CHECK(base::utc(951'782'400) == "2000-02-29T00:00:00Z");
  CHECK(base::utc(4'107'542'400) == "2100-03-01T00:00:00Z");
}

TEST_CASE("times before 1970 count backwards") {
  CHECK(base::utc(-1) == "1969-12-31T23:59:59Z");
  CHECK(base::utc(-86'401) == "1969-12-30T23:59:59Z");
}

TEST_CASE("a year that needs more than four digits gives the nearest bound") {
  CHECK(base::utc(253'402'300'799) == "9999-12-31T23:59:59Z");
  CHECK(base::utc(253'402'300'800) == "9999-12-31T23:59:59Z");
  CHECK(base::utc(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59Z");
  CHECK(base::utc(-62'167'219'200) == "0000-01-01T00:00:00Z");
  CHECK(base::utc(std::numeric_limits<std::int64_t>::min()) == "0000-01-01T00:00:00Z");
}
