// SPDX-License-Identifier: ISC
// Tells the service manager how we are, in the datagrams of sd_notify(3).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace listener {

/// Where nobody wants to hear, everything does nothing. Nothing throws or waits: a manager that
/// does not listen must not stop the mail.
class Notifier {
 public:
  using Clock = std::chrono::steady_clock;

  /// Two lines a second would be read by nobody.
  static constexpr std::chrono::seconds status_pause{1};

  Notifier() = default;
  /// `path` is NOTIFY_SOCKET's value: an absolute path, or @ and an abstract name; anything else,
  /// or one that cannot be reached, is nobody.
  explicit Notifier(std::string_view path);

  void ready() const { send("READY=1"); }
  /// With the time, which Type=notify-reload of systemd 253 wants.
  void reloading() const;
  void stopping() const { send("STOPPING=1"); }

  /// How many sessions there are: told now, or at status_due() when the last time is less than
  /// status_pause ago.
  void count(std::size_t sessions, Clock::time_point now);
  /// Never, when all is told.
  Clock::time_point status_due() const;

 private:
  void send(std::string_view text) const;

  base::UniqueFd fd_;
  std::size_t told_ = 0;
  std::size_t sessions_ = 0;
  Clock::time_point silent_until_ = Clock::time_point::min();
};

} // namespace listener
