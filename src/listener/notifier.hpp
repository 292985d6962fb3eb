// SPDX-License-Identifier: ISC
// Sends the listener's state to the service manager, in the datagrams of sd_notify(3).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace listener {

/// Without a service manager the functions do nothing. None throws or waits: a manager that does
/// not read must not stop the server.
class Notifier {
 public:
  using Clock = std::chrono::steady_clock;

  /// The time between two status messages. More than one a second would not be read.
  static constexpr std::chrono::seconds status_pause{1};

  Notifier() = default;
  /// `path` is the value of NOTIFY_SOCKET: an absolute path, or @ and an abstract name. Any other
  /// value, or a socket that cannot be reached, means that there is no service manager.
  explicit Notifier(std::string_view path);

  void ready() const { send("READY=1"); }
  /// Sends the time too, which Type=notify-reload of systemd 253 requires.
  void reloading() const;
  void stopping() const { send("STOPPING=1"); }

  /// Puts `problem` in front of every status message from now on, and sends one when it is another
  /// problem than before. Empty for none.
  void set_problem(std::string_view problem);

  /// Sends the number of sessions when it has changed. Sends nothing within status_pause after
  /// the last status message; the caller must then call again at status_due().
  void count(std::size_t sessions, Clock::time_point now);
  /// The time for the next count(); time_point::max() when the last number was sent.
  Clock::time_point status_due() const;

 private:
  void send(std::string_view text) const;
  void send_status() const;

  base::UniqueFd fd_;
  std::string problem_; // escaped, with a separator
  std::size_t told_ = 0;
  std::size_t sessions_ = 0;
  Clock::time_point silent_until_ = Clock::time_point::min();
};

} // namespace listener
