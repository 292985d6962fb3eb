// SPDX-License-Identifier: ISC
// The shutdown of a listener: sessions get time to end by themselves, then they are terminated.
#pragma once

#include "listener/session_table.hpp"

#include <chrono>

namespace listener {

class Shutdown {
 public:
  using Clock = std::chrono::steady_clock;

  /// The time from SIGTERM, which a session in UPDATE blocks until UPDATE is done, to SIGKILL; and
  /// from SIGKILL until the listener no longer waits for a process that has still not ended.
  static constexpr std::chrono::seconds kill_grace{5};

  bool has_begun() const { return phase_ != Phase::none; }
  bool is_over() const { return phase_ == Phase::over; }
  /// Sessions that did not end in time.
  std::size_t terminated() const { return terminated_; }
  /// The time at which advance() has something to do even if no session has ended;
  /// time_point::max() before begin().
  Clock::time_point due() const { return until_; }

  /// Gives the sessions the time `limit` from `now` on. In a shutdown that has already begun, the
  /// present step gets no more time.
  void begin(Clock::time_point now, std::chrono::seconds limit);
  /// Ends the shutdown when there are no sessions. When the time of a step is up, sends SIGTERM,
  /// then SIGKILL, then ends the shutdown.
  void advance(const SessionTable& sessions, Clock::time_point now);

 private:
  enum class Phase { none, waiting, terminating, killing, over };

  Phase phase_ = Phase::none;
  Clock::time_point until_ = Clock::time_point::max();
  std::size_t terminated_ = 0;
};

} // namespace listener
