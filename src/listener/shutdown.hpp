// SPDX-License-Identifier: ISC
// The end of a listener: sessions get time to end by themselves, then they are ended.
#pragma once

#include "listener/session_table.hpp"

#include <chrono>

namespace listener {

class Shutdown {
 public:
  using Clock = std::chrono::steady_clock;

  /// From SIGTERM, which a session in UPDATE holds back until that is done, to SIGKILL; and from
  /// that to giving up on a process that not even this can end.
  static constexpr std::chrono::seconds kill_grace{5};

  bool has_begun() const { return phase_ != Phase::none; }
  bool is_over() const { return phase_ == Phase::over; }
  /// Sessions that did not end in time.
  std::size_t terminated() const { return terminated_; }
  /// When advance() has something to do though no session has ended; never before it begins.
  Clock::time_point due() const { return until_; }

  /// Sessions have `limit` from now on; when it has begun before, the present step gets no more
  /// time.
  void begin(Clock::time_point now, std::chrono::seconds limit);
  /// Over without sessions; when a step's time is up SIGTERM, then SIGKILL, then over.
  void advance(const SessionTable& sessions, Clock::time_point now);

 private:
  enum class Phase { none, waiting, terminating, killing, over };
  void enter(Phase phase, Clock::time_point until);

  Phase phase_ = Phase::none;
  Clock::time_point until_ = Clock::time_point::max();
  std::size_t terminated_ = 0;
};

} // namespace listener
