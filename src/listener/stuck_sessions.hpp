// SPDX-License-Identifier: ISC
// Sessions of which a process was killed and does not end, as its storage hangs: the keeper, or the
// front, which reads messages.
#pragma once

#include "listener/session_table.hpp"

#include <chrono>
#include <string_view>

namespace listener {

/// True when `status`, the text of /proc/PID/status (proc(5)), is that of a process that SIGKILL
/// waits for in an uninterruptible system call.
bool is_stuck(std::string_view status);

/// They are counted here and no more for max-connections, so that one dead file system does not
/// keep the users of others out.
class StuckSessions {
 public:
  using Clock = std::chrono::steady_clock;

  /// The least time between two looks at all sessions: one costs 70 to 100 ms at 500 sessions.
  static constexpr std::chrono::seconds pause{1};

  /// Takes those of `sessions` that are stuck, unless it has looked a moment ago, and as long as
  /// there are fewer than `most`. Gives how many it has taken.
  std::size_t take_from(SessionTable& sessions, std::size_t most, Clock::time_point now);
  /// The session of a process that has ended after all; nothing when it was none of these.
  std::optional<Session> remove(pid_t process) { return listener::remove(stuck_, process); }

 private:
  SessionTable stuck_;
  Clock::time_point next_look_{};
};

} // namespace listener
