// SPDX-License-Identifier: ISC
// Sends the front's requests to the monitor and the keeper, and receives their answers. All
// functions throw what Channel throws, and ProtocolViolation for an answer of another kind.
#pragma once

#include "ipc/answer.hpp"
#include "ipc/channel.hpp"

#include <span>
#include <vector>

namespace front {

/// Receives the next answer, which must be an `Answer`. Its descriptors go to `fds`; without `fds`
/// a descriptor is a ProtocolViolation.
template <class Answer>
void receive(ipc::Channel& channel, Answer& answer, std::vector<base::UniqueFd>* fds = nullptr) {
  auto received = channel.receive(std::as_writable_bytes(std::span(&answer, 1)));
  if (received.size != ipc::bytes_of(answer).size() || !is_valid(answer))
    throw ipc::ProtocolViolation("answer to another question, or malformed");
  if (!received.fds.empty() && fds == nullptr)
    throw ipc::ProtocolViolation("unwanted descriptor");
  if (fds != nullptr)
    *fds = std::move(received.fds);
}

template <class Answer>
Answer receive(ipc::Channel& channel, std::vector<base::UniqueFd>* fds = nullptr) {
  Answer answer;
  receive(channel, answer, fds);
  return answer;
}

template <class Answer> Answer ask(ipc::Channel& channel, const auto& request) {
  channel.send(ipc::bytes_of(request));
  return receive<Answer>(channel);
}

} // namespace front
