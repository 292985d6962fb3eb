// SPDX-License-Identifier: ISC
// Limits the log lines that unauthenticated clients can cause at any rate: one a second for each
// kind, with the number of lines left out.
#pragma once

#include "base/log.hpp"

#include <array>
#include <chrono>
#include <optional>

namespace listener {

using Clock = std::chrono::steady_clock;

class EventThrottle {
 public:
  enum class Kind {
    hung_up,
    full,
    full_before_login,
    source_full,
    rate,
    penalty,
    wait_failed,
    accept_failed,
    loop_failed,
    fork_failed,
    gave_way,
    gave_way_before,
    session_killed,
    end
  };

  /// The time between lines of one kind. Long enough to read a line, short enough to watch an
  /// attack.
  static constexpr std::chrono::seconds pause{1};

  /// `log` must outlive this object.
  explicit EventThrottle(const base::Log& log) : log_(log) {}

  /// Writes the event now, or keeps it until the pause of its kind is over. Of several kept events
  /// the last is written, with the count of the others as `suppressed`.
  void write(Kind kind, base::Event event, Clock::time_point now);
  /// Writes the kept events that are due.
  void write_due(Clock::time_point now);
  /// Writes all kept events, at the end of the listener.
  void write_kept();
  /// The time at which write_due() has an event to write; time_point::max() without a kept event.
  Clock::time_point due() const;

 private:
  struct State {
    Clock::time_point silent_until = Clock::time_point::min();
    std::optional<base::Event> kept;
    std::uint64_t suppressed = 0;
  };
  void write_due(State& state, Clock::time_point now);

  const base::Log& log_;
  std::array<State, static_cast<std::size_t>(Kind::end)> states_;
};

} // namespace listener
