// SPDX-License-Identifier: ISC
// Waits for child processes that have ended.
#pragma once

#include <chrono>
#include <functional>
#include <sys/types.h>

namespace listener {

class ChildReaper {
 public:
  using Clock = std::chrono::steady_clock;

  /// The time after a child's end in which other children that have ended are noticed.
  static constexpr std::chrono::milliseconds longest_unnoticed{100};

  /// Calls `ended` for each child that has ended, with the status of waitpid(2).
  explicit ChildReaper(std::function<void(pid_t process, int status)> ended)
      : ended_(std::move(ended)) {}

  /// After SIGCHLD for `child`. One signal may stand for several children, and names one of them.
  /// To look for the others, the kernel looks at all children, which at thousands of sessions costs
  /// more than a session: this is for take_others().
  void take(pid_t child, Clock::time_point now);
  /// Looks for others if that has not been done since the last signal.
  void take_others();
  /// The time for take_others(); time_point::max() when there is nothing to look for.
  Clock::time_point due() const { return others_due_; }

 private:
  void wait_for(pid_t which);

  std::function<void(pid_t, int)> ended_;
  Clock::time_point others_due_ = Clock::time_point::max();
};

} // namespace listener
