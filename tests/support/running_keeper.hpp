// SPDX-License-Identifier: ISC
// A keeper in a process of its own, sandbox included, with a test as its front.
#pragma once

#include "front/requester.hpp"
#include "keeper/keeper.hpp"
#include "support/child.hpp"
#include "support/copies.hpp"
#include "support/scratch_maildir.hpp"

#include <string>
#include <type_traits>
#include <vector>

namespace support {

using namespace keeper;

enum Status { orderly = 0, not_opened = 10, violated = 20 };

inline config::Settings quick_settings() {
  config::Settings settings;
  settings.lock_wait = 0;
  return settings;
}

inline int keep(ipc::Channel& channel, const config::Settings& settings, const base::Log& log,
                const std::string& path, Access access) {
  ipc::Permissions permissions(3);
  Keeper keeper(channel, permissions, settings, settings.sandbox, log);
  if (!keeper.open(path, "192.0.2.7", base::Secret(std::string(32, 'k')), access))
    return not_opened;
  try {
    keeper.serve();
  } catch (const ipc::ProtocolViolation&) {
    return violated;
  }
  return orderly;
}

/// A keeper, and the front's end of its channel.
class RunningKeeper {
 public:
  explicit RunningKeeper(const std::string& path, config::Settings settings = quick_settings(),
                         const base::Log& log = {}, Access access = Access::full)
      : child_([&] {
          ends_.first = ipc::Channel(base::UniqueFd());
          return keep(ends_.second, settings, log, path, access);
        }) {
    ends_.second = ipc::Channel(base::UniqueFd());
    channel().set_limit(std::chrono::seconds(20));
    greeting = receive<ipc::LoginAnswer>();
  }

  ipc::Channel& channel() { return ends_.first; }
  template <class Message> void tell(const Message& message, int fd = -1) {
    channel().send(ipc::bytes_of(message), copies(fd));
  }
  template <class Answer> Answer receive(std::vector<base::UniqueFd>* fds = nullptr) {
    return front::receive<Answer>(channel(), fds);
  }
  template <class Answer, class Message> Answer ask(const Message& message) {
    tell(message);
    return receive<Answer>();
  }
  void mark(const std::vector<std::uint32_t>& deleted) {
    ipc::MarksRequest request;
    request.first = 1;
    for (const auto message : deleted)
      request.deleted.at((message - 1) / 8) |= static_cast<std::uint8_t>(1u << ((message - 1) % 8));
    tell(request);
  }
  /// Closes the channel without a report and gives the exit status of the keeper.
  int end() {
    ends_.first = ipc::Channel(base::UniqueFd());
    return child_.exit_status();
  }
  /// Waits until the keeper ends by itself and gives its exit status.
  int await() { return child_.exit_status(); }
  void kill_9() { child_.end(); }

  ipc::LoginAnswer greeting;

 private:
  std::pair<ipc::Channel, ipc::Channel> ends_ = ipc::Channel::make_pair();
  Child child_;
};

template <class Request> Request numbered(std::uint32_t number) {
  Request request;
  if constexpr (std::is_same_v<Request, ipc::MarksRequest>)
    request.first = number;
  else
    request.message = number;
  return request;
}

} // namespace support
