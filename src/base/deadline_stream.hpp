// SPDX-License-Identifier: ISC
// The client's connection: bytes in and out, none of it waiting longer than allowed.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>

namespace base {

/// The deadline has passed.
class Timeout : public std::runtime_error {
 public:
  Timeout() : std::runtime_error("time is up") {}
};

/// The peer is gone, however it went.
class ConnectionLost : public std::runtime_error {
 public:
  ConnectionLost() : std::runtime_error("connection lost") {}
};

/// What the connection is good for has gone.
class LifelineCut : public std::runtime_error {
 public:
  LifelineCut() : std::runtime_error("the lifeline is cut") {}
};

/// Two descriptors that it does not own: a socket, pipes or a terminal. Works without O_NONBLOCK,
/// which would change the connection for whoever else has it open. With a `lifeline`, another
/// socket, every wait throws LifelineCut once nobody holds that one's other end.
class DeadlineStream {
 public:
  using Clock = std::chrono::steady_clock;

  DeadlineStream(int in, int out, int lifeline = -1);

  /// Whether read_some would not wait now.
  bool has_input() const;
  /// The same, but waits for input until `deadline`.
  bool has_input(Clock::time_point deadline) const;
  /// Waits for input and gives how much there was; never 0. Throws Timeout or ConnectionLost, end
  /// of file included.
  std::size_t read_some(std::span<char> space, Clock::time_point deadline);
  /// Throws Timeout at `deadline`, and when the peer takes nothing for `timeout`; ConnectionLost.
  void write_all(std::string_view bytes, std::chrono::seconds timeout, Clock::time_point deadline);
  /// Ends our side, then waits up to `timeout` for the peer to end its own, so that input which
  /// nobody has read does not make the kernel drop our last words. Never throws.
  void close_gracefully(std::chrono::milliseconds timeout) noexcept;

 private:
  std::size_t write_some(std::string_view bytes);
  bool wait_for(int fd, short events, Clock::time_point deadline) const;

  int in_;
  int out_;
  int lifeline_;
  bool is_socket_;
};

} // namespace base
