// SPDX-License-Identifier: ISC
// Sends the front's requests to the monitor and the keeper, and receives their answers.
#pragma once

#include "ipc/channel.hpp"
#include "ipc/message.hpp"

#include <span>

namespace front {

/// Sends one request or receives one answer at a time. Throws what Channel throws, and
/// ProtocolViolation when the answer is not of the requested kind.
class Requester {
 public:
  explicit Requester(ipc::Channel& channel) : channel_(channel) {}

  template <class Message> void tell(const Message& request) {
    channel_.send(ipc::bytes_of(request));
  }
  /// Receives the next answer, which must be an `Expected`. A descriptor in the answer goes to
  /// `fd`; without `fd` it is a ProtocolViolation.
  template <class Expected> void receive(Expected& answer, base::UniqueFd* fd = nullptr) {
    const auto size = receive_into(std::as_writable_bytes(std::span(&answer, 1)), fd);
    if (size != sizeof answer || !ipc::is_valid(answer))
      throw ipc::ProtocolViolation("answer to another question, or malformed");
  }
  template <class Expected> Expected receive(base::UniqueFd* fd = nullptr) {
    Expected answer;
    receive(answer, fd);
    return answer;
  }
  template <class Expected> Expected ask(const auto& request) {
    tell(request);
    return receive<Expected>();
  }

 private:
  std::size_t receive_into(std::span<std::byte> space, base::UniqueFd* fd);

  ipc::Channel& channel_;
};

} // namespace front
