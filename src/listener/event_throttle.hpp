// SPDX-License-Identifier: ISC
// Log lines about what strangers can cause as often as they like: one a second for each kind, with
// the number of those that were left out.
#pragma once

#include "base/log.hpp"

#include <array>
#include <chrono>
#include <optional>

namespace listener {

using Clock = std::chrono::steady_clock;

class EventThrottle {
 public:
  enum class Kind { full, source_full, accept_failed, fork_failed, session_killed, end };

  /// Long enough to read, short enough to see an attack as it goes on.
  static constexpr std::chrono::seconds pause{1};

  /// `log` must outlive it.
  explicit EventThrottle(const base::Log& log) : log_(log) {}

  /// Writes the event now, or keeps it until its kind's pause is over; of several kept ones the
  /// last is written, with the count of the others as `suppressed`.
  void write(Kind kind, base::Event event, Clock::time_point now);
  /// Writes what was kept and is due.
  void write_due(Clock::time_point now);
  /// When write_due() has something to do; never, mostly.
  Clock::time_point due() const;

 private:
  struct State {
    Clock::time_point silent_until = Clock::time_point::min();
    std::optional<base::Event> kept;
    std::uint64_t suppressed = 0;
  };
  void write(State& state, base::Event event, Clock::time_point now);

  const base::Log& log_;
  std::array<State, static_cast<std::size_t>(Kind::end)> states_;
};

} // namespace listener
