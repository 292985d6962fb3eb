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

/// What a network is charged for an attempt that is refused because of what others have tried:
/// enough that one which comes again at once is not fresh any more, see is_fresh().
inline constexpr unsigned quarters_of_refusal = 3;

/// What a failure costs a network besides, while strangers_are_many(): that network has to wait for
/// about two minutes, so that a thousand networks get a guess each.
inline constexpr unsigned quarters_among_many = 7 * quarters_a_failure;

/// The unit of delays in the table.
inline constexpr PenaltyTime penalty_tick = 125;

/// An attempt that would have to wait longer is refused: with the check of the password, a client
/// has its answer within ten seconds.
inline constexpr PenaltyTime longest_penalty_wait = 8'000;

/// Rounded up, as a client that comes back in time is not to be refused again.
constexpr std::uint64_t whole_seconds(PenaltyTime wait) {
  return (wait + 999) / 1000;
}

/// The longest queue of attempts for one key; what is due later than this after the ceiling is no
/// entry that this program has made. Twice the longest wait, for charges that are given back.
inline constexpr PenaltyTime longest_penalty_queue = 2 * longest_penalty_wait;

/// All times in milliseconds, in whole ticks.
struct PenaltyRule {
  unsigned free;        ///< Failures without a delay.
  unsigned step;        ///< The delay doubles each so many failures.
  PenaltyTime first;    ///< The delay after the first failure that is not free; 0: never one.
  PenaltyTime ceiling;  ///< The longest delay.
  PenaltyTime forget;   ///< One failure is forgotten each so long after an attempt is due,
  unsigned lasting = 0; ///< but each of the first so many
  PenaltyTime forget_lasting = 1; ///< not before so long.
};

/// The rule of each kind; sodapop-design(7), GUESSES, has the reasons.
constexpr PenaltyRule penalty_rule(PenaltyKind kind) {
  switch (kind) {
  case PenaltyKind::network: return {5, 1, 4'000, 1'024'000, 600'000, 2, 43'200'000};
  case PenaltyKind::wider: return {9, 3, 1'000, 2'000, 60'000};
  case PenaltyKind::home: return {5, 1, 1'000, 8'000, 60'000};
  case PenaltyKind::widest: return {8, 4, 1'000, 4'000, 60'000};
  case PenaltyKind::name: return {10, 10, 250, 500, 60'000};
  case PenaltyKind::fresh_name: return {20, 1, 500, 500, 60'000};
  case PenaltyKind::pair: return {3, 1, 1'000, 8'000, 600'000};
  case PenaltyKind::password: return {4, 1, 1'000, 8'000, 86'400'000};
  case PenaltyKind::crash: return {0, 1, 60'000, 960'000, 600'000};
  case PenaltyKind::strangers: return {60, 1, 0, 0, 500};
  case PenaltyKind::gave_way: return {0, 1, 8'000, 64'000, 600'000};
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

/// True when a network of this level has one recent failure at most: it is no guesser so far.
constexpr bool is_fresh(unsigned network_quarters) {
  return network_quarters <= quarters_a_failure;
}

/// True when strangers fail faster than their level is forgotten, many more networks at once than
/// users who mistype a password.
constexpr bool strangers_are_many(unsigned strangers_quarters) {
  return strangers_quarters == highest_level(penalty_rule(PenaltyKind::strangers));
}

/// The level that is left of `quarters`, `late` milliseconds after an attempt was due.
constexpr unsigned level_left(const PenaltyRule& rule, unsigned quarters, PenaltyTime late) {
  const auto lasting = std::min(quarters, rule.lasting * quarters_a_failure);
  const auto passing = quarters - lasting;
  const auto each = rule.forget / quarters_a_failure;
  if (late < passing * each)
    return quarters - static_cast<unsigned>(late / each);
  const auto each_lasting = rule.forget_lasting / quarters_a_failure;
  const auto forgotten = lasting == 0 ? 0 : (late - passing * each) / each_lasting;
  return forgotten < lasting ? lasting - static_cast<unsigned>(forgotten) : 0;
}

} // namespace state
