// SPDX-License-Identifier: ISC
// Sends the front's requests to the monitor and the keeper, and receives their answers.
#pragma once

#include "ipc/answer.hpp"
#include "ipc/channel.hpp"

#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace front {

/// Receives the next answer, which must be an `Answer`. Its descriptors go to `fds`; without `fds`
/// a descriptor is a ProtocolViolation, as is an answer of another kind. Throws what Channel
/// throws.
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

/// What the front waits for.
enum class Awaited {
  login,    ///< The answer to a login, or to a proxy's header.
  maildrop, ///< An answer about messages.
  update,   ///< The answer to CommitRequest.
  silence,  ///< The answer to SilenceRequest.
  room      ///< Room for one more request.
};

/// Waits until the channel has what is awaited; throws to give up. Does nothing in a process that
/// may wait for ever.
using Await = std::function<void(Awaited)>;

/// Waits before it receives. All functions throw what receive() and Await throw.
class Requester {
 public:
  /// `channel` must outlive this object.
  explicit Requester(ipc::Channel& channel, Await await = {})
      : channel_(channel), await_(await ? std::move(await) : [](Awaited) {}) {}

  void send(const auto& request) { channel_.send(ipc::bytes_of(request)); }
  /// For requests that come in any number without an answer, so that the channel may be full.
  void send_when_possible(const auto& request) {
    await_(Awaited::room);
    send(request);
  }

  template <class Answer>
  void receive(Awaited awaited, Answer& answer, std::vector<base::UniqueFd>* fds = nullptr) {
    await_(awaited);
    front::receive(channel_, answer, fds);
  }
  template <class Answer>
  Answer receive(Awaited awaited, std::vector<base::UniqueFd>* fds = nullptr) {
    Answer answer;
    receive(awaited, answer, fds);
    return answer;
  }

  template <class Answer> Answer ask(const auto& request, Awaited awaited) {
    send(request);
    return receive<Answer>(awaited);
  }

 private:
  ipc::Channel& channel_;
  Await await_;
};

} // namespace front
