// SPDX-License-Identifier: ISC
// The connection to the client, with a deadline for each wait to read or write.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

namespace base {

/// The deadline has passed.
struct Timeout : std::runtime_error {
  Timeout() : std::runtime_error("time is up") {}
};

/// The peer has closed the connection, or the connection has failed.
struct ConnectionLost : std::runtime_error {
  ConnectionLost() : std::runtime_error("connection lost") {}
};

/// A stream over two descriptors that it does not own: a socket, pipes or a terminal. Works without
/// O_NONBLOCK, which would change the connection for other processes that have it open. With a
/// `lifeline`, which is another socket, every wait throws std::runtime_error once no process has
/// the other end of the lifeline open: the connection is of no use any more.
class DeadlineStream {
 public:
  using Clock = std::chrono::steady_clock;

  DeadlineStream(int in, int out, int lifeline = -1);

  /// Sets a task for a peer that is silent: it is called when a wait for the peer, for its input or
  /// until it takes output, has lasted `after`, and again each second. An exception of the task
  /// ends the wait. An empty task removes it; at first there is none.
  void on_silence(std::chrono::seconds after, std::function<void()> task) {
    silence_ = after;
    silence_task_ = std::move(task);
  }

  /// True when read_some() would not wait now.
  bool has_input() const;
  /// Waits for input until `deadline`. False when the deadline came first.
  bool has_input(Clock::time_point deadline) const;
  /// Waits for input and gives the number of octets read, which is never 0. Throws Timeout, or
  /// ConnectionLost, also at the end of file.
  std::size_t read_some(std::span<char> space, Clock::time_point deadline);
  /// A wait for another descriptor than those of this stream.
  struct Other {
    int fd;
    short events;               ///< As for poll(2).
    Clock::time_point deadline; ///< Timeout is thrown then.
    /// The time from which on a peer counts as gone that has closed its sending side; nothing where
    /// the peer is of no interest.
    std::optional<Clock::time_point> patience{};
  };
  /// Waits for one of the events. On a socket throws ConnectionLost when the peer is gone and all
  /// its input was read: when the connection is closed or reset, or its sending side is closed.
  void await_other(const Other& other) const;
  /// Writes all of `bytes`. Throws Timeout at `deadline`, or when the peer takes nothing for
  /// `timeout`; throws ConnectionLost.
  void write_all(std::string_view bytes, std::chrono::seconds timeout, Clock::time_point deadline);
  /// Shuts down the sending side, then waits up to `timeout` for the peer to close and drops its
  /// input: unread input would make the kernel discard the last octets sent. Never throws.
  void close_gracefully(std::chrono::milliseconds timeout) noexcept;
  /// Half a second: a wait that lasts longer is a long one.
  static constexpr std::chrono::milliseconds short_wait{500};
  /// Sets a function that is called with false before each wait, and with true when that becomes a
  /// long one.
  void before_each_wait(std::function<void(bool is_long)> function) {
    before_wait_ = std::move(function);
  }

 private:
  std::size_t write_some(std::string_view bytes);
  bool is_at_end() const;
  bool wait_for(int fd, short events, Clock::time_point deadline) const;

  int in_;
  int out_;
  int lifeline_;
  bool is_socket_;
  std::chrono::seconds silence_{0};
  std::function<void()> silence_task_;
  std::function<void(bool)> before_wait_ = [](bool) {};
};

} // namespace base
