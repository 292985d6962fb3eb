// SPDX-License-Identifier: ISC
#include "users/rights.hpp"

#include "base/utc.hpp"

#include <doctest/doctest.h>
#include <ostream>

using base::Address;
using base::Networks;
using users::problem;
using users::Rights;

namespace rights_problem = users::rights_problem;

namespace {

constexpr std::int64_t end = 1'801'440'000;

Rights rights(const char* networks, std::optional<std::int64_t> expires = {}) {
  return {.read_only = false, .networks = Networks::parse(networks), .expires = expires};
}

} // namespace

TEST_CASE("a user without limits may come from everywhere, at any time") {
  CHECK_FALSE(problem({}, Address::parse("192.0.2.1"), end));
  CHECK_FALSE(problem({}, {}, end));
}

TEST_CASE("a client outside the networks is kept out, with an address or without") {
  CHECK_FALSE(problem(rights("192.0.2.0/24"), Address::parse("192.0.2.255"), 0));
  CHECK(problem(rights("192.0.2.0/24"), Address::parse("192.0.3.0"), 0) == rights_problem::network);
  CHECK(problem(rights("192.0.2.0/24"), {}, 0) == rights_problem::network);
  CHECK_FALSE(problem(rights("local"), {}, 0));
}

TEST_CASE("the second of expiry is the first that is too late") {
  const Rights limited{.read_only = false, .networks = {}, .expires = end};
  CHECK_FALSE(problem(limited, {}, end - 1));
  CHECK(problem(limited, {}, end) == rights_problem::expired);
  CHECK(problem(limited, {}, end + 1) == rights_problem::expired);
}

TEST_CASE("a foreign network does not learn of an expiry") {
  CHECK(problem(rights("192.0.2.1", end), Address::parse("192.0.2.2"), end) ==
        rights_problem::network);
  CHECK(problem(rights("192.0.2.1", end), Address::parse("192.0.2.1"), end) ==
        rights_problem::expired);
}

TEST_CASE("each problem has a sentence of its own") {
  CHECK(description(rights_problem::network) != description(rights_problem::expired));
}

TEST_CASE("a day ends with its last second") {
  CHECK(users::end_of_day("1970-01-01") == 86400);
  CHECK(base::utc(users::end_of_day("2028-02-29").value()) == "2028-03-01T00:00:00Z");
  CHECK(base::utc(users::end_of_day("2027-12-31").value()) == "2028-01-01T00:00:00Z");
}

TEST_CASE("text that is no day of the calendar has no end") {
  for (const auto* text :
       {"", "2027-02-29", "2027-13-01", "2027-00-10", "2027-01-00", "2027-1-01", "27-01-01",
        "2027-01-32", "2027/01/01", "2027-01-1 ", "+027-01-01", "2027-01-01T", "20270101"}) {
    CAPTURE(text);
    CHECK_FALSE(users::end_of_day(text));
  }
}

TEST_CASE("the last day before an end is the day that ends there") {
  for (const auto* day : {"1970-01-01", "2027-01-31", "2028-02-29", "2027-12-31", "9999-12-31"})
    CHECK(users::last_day(users::end_of_day(day).value()) == day);
}
