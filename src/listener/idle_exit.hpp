// SPDX-License-Identifier: ISC
// The end of a listener without clients, where a launcher holds the sockets and starts it again.
#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"

#include <chrono>

namespace listener {

class IdleExit {
 public:
  using Clock = std::chrono::steady_clock;

  /// Without such a launcher the listener does not end.
  IdleExit(bool has_launcher, Clock::time_point now) : has_launcher_(has_launcher), since_(now) {}

  /// A client has come, waits, or has ended.
  void note_client(Clock::time_point now) { since_ = now; }
  /// The time for the end, if no client comes before; time_point::max() while there are sessions,
  /// and where there is none.
  Clock::time_point due(bool has_sessions, const config::Settings& settings) const;
  /// Warns where the setting has no effect.
  void warn(const config::Settings& settings, const base::Log& log) const;

 private:
  bool has_launcher_;
  Clock::time_point since_;
};

} // namespace listener
