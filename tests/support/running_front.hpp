// SPDX-License-Identifier: ISC
// The front in a process of its own, without its sandbox, between a client and a keeper of a test.
#pragma once

#include "front/front.hpp"
#include "support/child.hpp"
#include "support/memory_keeper.hpp"
#include "support/session_profile.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

namespace support {

using namespace front;

/// The client's end. With SOCK_SEQPACKET each write of the front is one packet, and can be counted.
class RunningFront {
 public:
  struct Setup {
    std::vector<std::string> messages{};
    config::Settings settings{};
    bool preauth = true;
    int type = SOCK_STREAM;
    MemoryKeeper::Answering answering = [](MemoryKeeper& keeper, const ipc::Request& request) {
      keeper.answer_well(request);
    };
  };

  /// The time after which hear() gives up.
  static constexpr std::chrono::seconds patience{30};

  explicit RunningFront(Setup setup)
      : server_(make_connection(setup.type)), child_([&] { return talk(setup); }) {
    server_.reset();
    ends_.second = ipc::Channel(base::UniqueFd());
    if (setup.preauth) {
      ipc::LoginAnswer granted;
      granted.granted = 1;
      granted.count = static_cast<std::uint32_t>(setup.messages.size());
      ends_.first.send(ipc::bytes_of(granted));
    }
    keeper_.emplace(std::move(ends_.first), setup.messages, setup.answering);
    const timeval limit{patience.count(), 0};
    setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  ~RunningFront() { child_.end(); } // before the keeper, which waits for the child

  void say(std::string_view text) {
    CHECK(send(client.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
  }
  /// The octets of one read; empty at the end.
  std::string hear() {
    std::string text(200'000, '\0');
    const auto octets = recv(client.get(), text.data(), text.size(), 0);
    text.resize(octets > 0 ? static_cast<std::size_t>(octets) : 0);
    return text;
  }
  std::string hear_all() {
    std::string all;
    for (auto part = hear(); !part.empty(); part = hear())
      all += part;
    return all;
  }
  void hang_up() { client.reset(); }
  /// Keeps the front from running until go_on().
  void pause() { kill(child_.pid(), SIGSTOP); }
  void go_on() { kill(child_.pid(), SIGCONT); }
  /// The octets of anonymous memory that the front has touched.
  std::size_t memory() const {
    std::ifstream status("/proc/" + std::to_string(child_.pid()) + "/status");
    std::size_t kilobytes = 0;
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("RssAnon:"))
        kilobytes = std::stoul(line.substr(8));
    return kilobytes * 1024;
  }
  /// Waits for the end of the front and gives the ending that it reported.
  ipc::Ending ending() {
    CHECK(child_.exit_status() == 0);
    keeper_->join();
    const auto* report = keeper_->requests.empty()
                             ? nullptr
                             : std::get_if<ipc::ReportRequest>(&keeper_->requests.back());
    REQUIRE(report != nullptr);
    return report->ending;
  }
  ipc::ReportRequest report() {
    (void)ending();
    return std::get<ipc::ReportRequest>(keeper_->requests.back());
  }
  /// The requests of the front, once it has ended.
  const std::vector<ipc::Request>& requests() const { return keeper_->requests; }
  bool has_committed() const {
    for (const auto& request : keeper_->requests)
      if (std::holds_alternative<ipc::CommitRequest>(request))
        return true;
    return false;
  }

  base::UniqueFd client;

 private:
  int talk(const Setup& setup) {
    client.reset();
    ends_.first = ipc::Channel(base::UniqueFd());
    dup2(server_.get(), 0);
    dup2(server_.get(), 1);
    server_.reset();
    const auto site = profile();
    using Opening = Front::Opening;
    const bool is_behind_proxy = setup.settings.proxy == config::Settings::Proxy::required;
    const auto opening = is_behind_proxy ? Opening::proxy_header : Opening::login;
    Front(ends_.second, setup.settings, site, setup.preauth ? Opening::maildrop : opening).run();
    return 0;
  }
  /// Runs before the child is made.
  base::UniqueFd make_connection(int type) {
    int fds[2];
    REQUIRE(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) == 0);
    client.reset(fds[0]);
    return base::UniqueFd(fds[1]);
  }

  std::pair<ipc::Channel, ipc::Channel> ends_ = ipc::Channel::make_pair();
  base::UniqueFd server_;
  Child child_;
  std::optional<MemoryKeeper> keeper_;
};

} // namespace support
