// SPDX-License-Identifier: ISC
#include "users/rights.hpp"

#include <doctest/doctest.h>
#include <ostream>

using base::Address;
using base::Networks;
using users::problem;
using users::Rights;
using users::RightsProblem;

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
  CHECK(problem(rights("192.0.2.0/24"), Address::parse("192.0.3.0"), 0) == RightsProblem::network);
  CHECK(problem(rights("192.0.2.0/24"), {}, 0) == RightsProblem::network);
  CHECK_FALSE(problem(rights("local"), {}, 0));
}

TEST_CASE("the second of expiry is the first that is too late") {
  const Rights limited{.read_only = false, .networks = {}, .expires = end};
  CHECK_FALSE(problem(limited, {}, end - 1));
  CHECK(problem(limited, {}, end) == RightsProblem::expired);
  CHECK(problem(limited, {}, end + 1) == RightsProblem::expired);
}

TEST_CASE("a foreign network does not learn of an expiry") {
  CHECK(problem(rights("192.0.2.1", end), Address::parse("192.0.2.2"), end) ==
        RightsProblem::network);
  CHECK(problem(rights("192.0.2.1", end), Address::parse("192.0.2.1"), end) ==
        RightsProblem::expired);
}

TEST_CASE("each problem has a word of its own") {
  CHECK(log_name(RightsProblem::network) == "network");
  CHECK(log_name(RightsProblem::expired) == "expired");
  CHECK(description(RightsProblem::network) != description(RightsProblem::expired));
}
