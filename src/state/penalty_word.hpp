// SPDX-License-Identifier: ISC
// The state of one key in a PenaltyTable: 64 bits that one compare-and-swap changes.
#pragma once

#include "state/penalty_rules.hpp"

#include <algorithm>
#include <cstdint>

namespace state {

/// From the highest bit on: the kind (4 bits), a tag of the key (24), the level in quarters (8),
/// and the time when the next attempt is due (28), in ticks, which begin again at 0 each 388 days:
/// an entry that was not charged for so long counts once more. A word that is due later than its
/// kind can be has no level: nonsense in the file holds no client up.
class PenaltyWord {
 public:
  static constexpr unsigned tag_bits = 24, level_bits = 8, due_bits = 28;

  PenaltyWord() = default;
  explicit PenaltyWord(std::uint64_t bits) : bits_(bits) {}
  /// An entry without a failure.
  PenaltyWord(PenaltyKind kind, std::uint64_t tag)
      : bits_((static_cast<std::uint64_t>(kind) << tag_bits | (tag & mask(tag_bits)))
              << (level_bits + due_bits)) {}

  std::uint64_t bits() const { return bits_; }
  PenaltyKind kind() const {
    return static_cast<PenaltyKind>(bits_ >> (tag_bits + level_bits + due_bits));
  }
  /// True when kind and tag are the same.
  bool has_key_of(PenaltyWord other) const {
    return (bits_ ^ other.bits_) >> (level_bits + due_bits) == 0;
  }

  /// The level, without what is forgotten at `now`.
  unsigned level(PenaltyTime now) const {
    const auto rule = penalty_rule(kind());
    const auto ahead = ticks_ahead(now);
    const bool is_kind = static_cast<std::size_t>(kind()) < penalty_kinds;
    if (!is_kind || ahead > to_ticks(rule.ceiling + longest_penalty_queue))
      return 0;
    const auto late = ahead < 0 ? static_cast<std::uint64_t>(-ahead) * penalty_tick : 0;
    return level_left(rule, stored_level(), late);
  }
  /// Milliseconds until an attempt is due.
  PenaltyTime wait(PenaltyTime now) const {
    const auto ahead = level(now) == 0 ? 0 : ticks_ahead(now);
    return ahead <= 0 ? 0 : static_cast<PenaltyTime>(ahead) * penalty_tick - now % penalty_tick;
  }
  /// Ticks until an attempt is due; negative when it has been due for so long.
  std::int64_t ticks_ahead(PenaltyTime now) const {
    constexpr std::int64_t half = std::int64_t{1} << (due_bits - 1);
    const auto ahead = static_cast<std::int64_t>((bits_ - now / penalty_tick) & mask(due_bits));
    return ahead < half ? ahead : ahead - 2 * half;
  }

  /// One charge more at `now`. Less than a failure causes as much less of the delay.
  PenaltyWord charged(unsigned quarters, PenaltyTime now) const {
    const auto rule = penalty_rule(kind());
    const auto level = std::min(this->level(now) + quarters, highest_level(rule));
    const auto queued = wait(now) == 0 ? 0 : ticks_ahead(now);
    const auto ahead =
        std::min(queued + to_ticks(penalty_delay(rule, level) * quarters / quarters_a_failure),
                 to_ticks(rule.ceiling + longest_penalty_queue));
    return with(level, now / penalty_tick + static_cast<std::uint64_t>(ahead));
  }
  /// Takes back one charge, which has changed the word from `before` to `after` at `charged_at`.
  PenaltyWord refunded(PenaltyWord before, PenaltyWord after, PenaltyTime charged_at) const {
    const auto added = after.level(charged_at) - before.level(charged_at);
    if (stored_level() <= added)
      return PenaltyWord();
    const auto delay = after.ticks_ahead(charged_at) -
                       (before.wait(charged_at) == 0 ? 0 : before.ticks_ahead(charged_at));
    return with(stored_level() - added, bits_ - static_cast<std::uint64_t>(delay));
  }

 private:
  static constexpr std::uint64_t mask(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }
  static constexpr std::int64_t to_ticks(PenaltyTime time) {
    return static_cast<std::int64_t>(time / penalty_tick);
  }
  unsigned stored_level() const {
    return std::min(static_cast<unsigned>(bits_ >> due_bits & mask(level_bits)),
                    highest_level(penalty_rule(kind())));
  }
  PenaltyWord with(unsigned level, std::uint64_t due) const {
    return PenaltyWord((bits_ & ~mask(level_bits + due_bits)) | std::uint64_t{level} << due_bits |
                       (due & mask(due_bits)));
  }

  std::uint64_t bits_ = 0;
};

} // namespace state
