// SPDX-License-Identifier: ISC
// Ends the front when a file hangs from which it reads a message. poll(2) waits for no file.
#pragma once

#include <chrono>

namespace front {

/// SIGALRM, which ends this process. It also ends a process that waits for a dead file server, but
/// lets it say no word.
class HangAlarm {
 public:
  /// The time from the limit, which the process keeps itself where it can, to the alarm.
  static constexpr std::chrono::milliseconds margin{800};

  explicit HangAlarm(std::chrono::seconds limit) : time_(limit + margin) {}

  /// Lets the alarm come `limit` and `margin` from now, or up to a fifth of a second earlier: it is
  /// set no more often, so that it costs nothing.
  void put_off();
  /// Lets it come later still, for a wait that has the same limit: a busy machine must not make the
  /// alarm come first.
  void put_off_far();
  /// No alarm comes any more.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  static void set(std::chrono::milliseconds time);

  std::chrono::milliseconds time_;
  Clock::time_point may_be_set_{}; // again
};

} // namespace front
