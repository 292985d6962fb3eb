// SPDX-License-Identifier: ISC
#include "state/penalty_rules.hpp"

#include <doctest/doctest.h>
#include <ostream>

using state::PenaltyKind;
using state::PenaltyRule;

namespace {

constexpr PenaltyRule rule{2, 3, 1000, 4000, 8000, 1, 80'000};

constexpr auto each_kind = [] {
  std::array<PenaltyKind, state::penalty_kinds> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i)
    kinds[i] = static_cast<PenaltyKind>(i);
  return kinds;
}();

} // namespace

TEST_CASE("the delay begins after the free failures, doubles each step, and ends at the ceiling") {
  const state::PenaltyTime delays[] = {0, 0, 0, 1000, 1000, 1000, 2000, 2000, 2000, 4000, 4000};
  for (unsigned failures = 0; failures < std::size(delays); ++failures)
    CHECK(state::penalty_delay(rule, failures * 4) == delays[failures]);
  CHECK(state::penalty_delay(rule, 11) == 0);
  CHECK(state::penalty_delay(rule, 1'000'000) == 4000);
}

TEST_CASE("the highest level is the first with the longest delay") {
  CHECK(state::highest_level(rule) == 9 * 4);
  for (const auto kind : each_kind) {
    const auto of_kind = state::penalty_rule(kind);
    const auto highest = state::highest_level(of_kind);
    CHECK(state::penalty_delay(of_kind, highest) == of_kind.ceiling);
    CHECK(highest <= 255); // the field in the table
    CHECK(highest >= 4);
  }
}

TEST_CASE("failures are forgotten quarter by quarter, the lasting ones later") {
  CHECK(state::level_left(rule, 8, 0) == 8);
  CHECK(state::level_left(rule, 8, 1999) == 8);
  CHECK(state::level_left(rule, 8, 2000) == 7);
  CHECK(state::level_left(rule, 8, 8000) == 4);
  CHECK(state::level_left(rule, 8, 8000 + 19'999) == 4);
  CHECK(state::level_left(rule, 8, 8000 + 20'000) == 3);
  CHECK(state::level_left(rule, 8, 8000 + 80'000) == 0);
  CHECK(state::level_left(rule, 3, 20'000) == 2);
  CHECK(state::level_left(rule, 0, 0) == 0);
}

TEST_CASE("times of all rules are whole ticks, and each failure of each kind is forgotten") {
  for (const auto kind : each_kind) {
    const auto of_kind = state::penalty_rule(kind);
    CHECK(of_kind.first % state::penalty_tick == 0);
    CHECK(of_kind.ceiling % state::penalty_tick == 0);
    CHECK(of_kind.forget >= 4);
    CHECK(state::level_left(of_kind, 255, 40 * 86'400'000ull * 255) == 0);
  }
}

TEST_CASE("a network is fresh with one failure and no more") {
  CHECK(state::is_fresh(0));
  CHECK(state::is_fresh(4));
  CHECK_FALSE(state::is_fresh(5));
}
