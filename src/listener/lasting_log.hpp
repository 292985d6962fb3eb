// SPDX-License-Identifier: ISC
// The log of a process that runs for months, during which syslog daemons restart and files are
// rotated.
#pragma once

#include "base/log.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace listener {

/// Never waits: all clients would wait with it.
class LastingLog {
 public:
  using Clock = std::chrono::steady_clock;

  /// The age at which the log is opened again: a restarted syslog daemon does not read the old
  /// socket.
  static constexpr std::chrono::seconds age{10};

  /// `target` as in base::Log::open(). Throws std::system_error; the log that was open before then
  /// stays.
  void open(const std::string& target, Clock::time_point now);
  /// Opens it again. When that fails, the log that is open may still work, but may have another
  /// name by now. So the first of several failures is told there and to syslog.
  void reopen(const std::string& target, Clock::time_point now);
  /// Opens it again when it is older than `age`.
  void refresh(const std::string& target, Clock::time_point now);

  /// As base::Log::set_lost_lines(), for the log that is open and for all later ones.
  void set_lost_lines(base::LostLines lost) { log_.set_lost_lines(std::move(lost)); }

  const base::Log& current() const { return log_; }
  /// For a child, which has it alone, and which may wait for it.
  base::Log take();

 private:
  base::Log log_;
  Clock::time_point opened_{};
  bool is_failure_told_ = false;
};

} // namespace listener
