// SPDX-License-Identifier: ISC
// Sends the front's requests to the monitor and the keeper, and receives their answers. All
// functions throw what Channel throws, and ProtocolViolation for an answer of another kind.
#pragma once

#include "ipc/answer.hpp"
#include "ipc/channel.hpp"

#include <span>

namespace front {

/// Receives the next answer, which must be an `Answer`. A descriptor in the answer goes to `fd`;
/// without `fd` it is a ProtocolViolation.
template <class Answer>
void receive(ipc::Channel& channel, Answer& answer, base::UniqueFd* fd = nullptr) {
  auto received = channel.receive(std::as_writable_bytes(std::span(&answer, 1)));
  if (received.size != ipc::bytes_of(answer).size() || !is_valid(answer))
    throw ipc::ProtocolViolation("answer to another question, or malformed");
  if (received.fd && fd == nullptr)
    throw ipc::ProtocolViolation("unwanted descriptor");
  if (fd != nullptr)
    *fd = std::move(received.fd);
}

template <class Answer> Answer receive(ipc::Channel& channel, base::UniqueFd* fd = nullptr) {
  Answer answer;
  receive(channel, answer, fd);
  return answer;
}

template <class Answer> Answer ask(ipc::Channel& channel, const auto& request) {
  channel.send(ipc::bytes_of(request));
  return receive<Answer>(channel);
}

} // namespace front
