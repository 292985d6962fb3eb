// SPDX-License-Identifier: ISC
// One end of the channel between the front and the monitor or keeper. It transfers whole messages,
// each with at most max_opened descriptors (ipc/message.hpp).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ipc {

/// The other side did what the protocol does not allow. The session must end.
class ProtocolViolation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The other side is gone.
class ChannelClosed : public std::runtime_error {
 public:
  ChannelClosed() : std::runtime_error("the other process is gone") {}
};

/// receive() or send() has waited until the limit.
class ChannelTimeout : public std::runtime_error {
 public:
  ChannelTimeout() : std::runtime_error("the other process is silent") {}
};

/// A SOCK_SEQPACKET socket.
class Channel {
 public:
  explicit Channel(base::UniqueFd fd) : fd_(std::move(fd)) {}

  /// Makes both ends. Throws std::system_error.
  static std::pair<Channel, Channel> make_pair();

  static constexpr std::chrono::seconds no_limit{0}; // socket(7), SO_RCVTIMEO

  /// Limits how long receive() and send() wait; there is no limit before. Throws std::system_error.
  void set_limit(std::chrono::seconds limit);

  /// Sends one message with `fds`, which are at most max_opened and not empty. They stay the
  /// caller's. Throws ChannelClosed, ChannelTimeout or std::system_error; std::length_error for too
  /// many descriptors.
  void send(std::span<const std::byte> message, std::span<const base::UniqueFd> fds = {});

  struct Received {
    std::size_t size = 0;
    std::vector<base::UniqueFd> fds; ///< In the order in which they were sent.
  };
  /// Receives one message into `space`. Throws as send() does, and ProtocolViolation for a message
  /// that is larger than `space` and for more than max_opened descriptors. An empty message looks
  /// like a closed channel and is treated as one.
  Received receive(std::span<std::byte> space);
  /// Receives like receive(), but gives nothing when the other side has closed the channel. This
  /// ends every session and is too common for an exception.
  std::optional<Received> receive_unless_closed(std::span<std::byte> space);

  /// Whether the other side has closed the channel, or the next message is of this kind (Message).
  /// Does not wait, and leaves the message where it is.
  bool is_ended_by(std::uint32_t kind) const;

  /// Whether the other side has closed the channel, or has ended. Messages may still be there.
  bool is_closed() const;

  /// Waits for a message, or for the other side to close the channel. False at `deadline`. A signal
  /// does not end the wait.
  bool has_message(std::chrono::steady_clock::time_point deadline) const;

  int fd() const { return fd_.get(); }

 private:
  base::UniqueFd fd_;
};

} // namespace ipc
