// SPDX-License-Identifier: ISC
// How long an attempt has to wait after so many failures, and when failures are forgotten.
#pragma once

#include "state/penalty_key.hpp"

#include <algorithm>
#include <cstdint>

namespace state {

/// Milliseconds.
using PenaltyTime = std::uint64_t;

/// A level counts quarters of a failure, as a connection without an attempt counts less than one.
inline constexpr unsigned quarters_a_failure = 4;

/// The unit of delays in the table.
inline constexpr PenaltyTime penalty_tick = 125;

/// The longest queue of attempts that wait for their turn; the table forgets what is due later than
/// this after the ceiling.
inline constexpr PenaltyTime longest_penalty_queue = 16'000;

/// All times in milliseconds, in whole ticks.
struct PenaltyRule {
  unsigned free;       ///< Failures without a delay.
  unsigned step;       ///< The delay doubles each so many failures.
  PenaltyTime first;   ///< The delay after the first failure that is not free; 0: never one.
  PenaltyTime ceiling; ///< The longest delay.
  PenaltyTime forget;  ///< One failure is forgotten each so long after an attempt is due.
};

/// The rule of each kind; sodapop-design(7), LIMITS, has the reasons.
constexpr PenaltyRule penalty_rule(PenaltyKind kind) {
  switch (kind) {
  case PenaltyKind::network: return {3, 1, 4'000, 1'024'000, 600'000};
  case PenaltyKind::wider: return {9, 3, 1'000, 2'000, 60'000};
  case PenaltyKind::widest: return {8, 4, 1'000, 4'000, 60'000};
  case PenaltyKind::recent: return {2, 1, 0, 0, 43'200'000};
  case PenaltyKind::name: return {10, 10, 250, 500, 60'000};
  case PenaltyKind::fresh_name: return {20, 1, 500, 500, 60'000};
  case PenaltyKind::pair: return {3, 1, 1'000, 8'000, 600'000};
  case PenaltyKind::password: return {1, 1, 0, 0, 86'400'000};
  case PenaltyKind::crash: return {0, 1, 60'000, 960'000, 600'000};
  }
  return {};
}

/// The delay that an attempt which has brought the level to `quarters` causes for the next one.
constexpr PenaltyTime penalty_delay(const PenaltyRule& rule, unsigned quarters) {
  const auto failures = quarters / quarters_a_failure;
  if (failures <= rule.free)
    return 0;
  const auto doublings = std::min((failures - rule.free - 1) / rule.step, 32u);
  return std::min(rule.first << doublings, rule.ceiling);
}

/// The highest level, in quarters: the first one with the longest delay, so that after long
/// guessing no more has to be forgotten than that.
constexpr unsigned highest_level(const PenaltyRule& rule) {
  unsigned failures = std::max(rule.free, 1u);
  while (penalty_delay(rule, failures * quarters_a_failure) < rule.ceiling)
    ++failures;
  return failures * quarters_a_failure;
}

/// True while a network with this level of the kind `recent` counts as fresh.
constexpr bool is_fresh(unsigned recent_quarters) {
  return recent_quarters <= quarters_a_failure;
}

} // namespace state
