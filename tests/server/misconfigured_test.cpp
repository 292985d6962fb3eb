// SPDX-License-Identifier: ISC
#include "server/misconfigured.hpp"

#include "base/system_error.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

constexpr int exit_mended = 10, exit_stopped = 11;

constexpr std::string_view refusal = "-ERR [SYS/TEMP] the server is misconfigured\r\n";

/// A server whose configuration is good as soon as there is the file `good`.
struct BadSite {
  BadSite() {
    sockets.push_back(listener::listen_at(*listener::parse_listen_address(scratch.path("pop3"))));
  }

  /// For a child: how the wait ended.
  int wait_for_mend() const {
    dup2(open("/dev/null", O_WRONLY), 2);
    listener::Notifier notifier;
    const auto ending = server::refuse_until_mended(sockets, notifier, [this](auto& target) {
      target.log = scratch.path("log");
      if (access(scratch.path("good").c_str(), F_OK) != 0)
        throw std::runtime_error("not good");
    });
    return ending == server::Waiting::mended ? exit_mended : exit_stopped;
  }

  base::UniqueFd connect() const {
    sockaddr_un place{.sun_family = AF_UNIX, .sun_path = {}};
    scratch.path("pop3").copy(place.sun_path, sizeof place.sun_path - 1);
    base::UniqueFd client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    base::check(::connect(client.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place),
                "connect");
    return client;
  }

  /// What a client gets until its connection is closed.
  std::string said_to_client() const {
    const auto client = connect();
    std::array<char, 512> octets{};
    const auto size = recv(client.get(), octets.data(), octets.size(), MSG_WAITALL);
    return {octets.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

  Scratch scratch;
  std::vector<listener::ListeningSocket> sockets;
};

} // namespace

TEST_CASE("clients are refused until an attempt succeeds, and the next one waits in the queue") {
  const BadSite site;
  support::Child server([&] { return site.wait_for_mend(); });
  CHECK(site.said_to_client() == refusal);
  CHECK(site.said_to_client() == refusal);
  site.scratch.write("good", "");
  const auto waiting = site.connect();
  CHECK(server.exit_status() == exit_mended);
  CHECK(base::UniqueFd(accept(site.sockets[0].fd.get(), nullptr, nullptr)));
  const auto log = site.scratch.read("log");
  CHECK(std::ranges::count(log, '\n') == 1);
  CHECK(log.find("event=configuration problem=\"not good\"") != log.npos);
}

TEST_CASE("where the first attempt succeeds, nothing is refused or told") {
  const BadSite site;
  site.scratch.write("good", "");
  CHECK(support::Child([&] { return site.wait_for_mend(); }).exit_status() == exit_mended);
  CHECK(access(site.scratch.path("log").c_str(), F_OK) != 0);
}

TEST_CASE("SIGTERM ends the wait, and SIGHUP makes an attempt") {
  const BadSite site;
  support::Child stopped([&] { return site.wait_for_mend(); });
  CHECK(site.said_to_client() == refusal); // it has blocked its signals
  kill(stopped.pid(), SIGHUP);
  CHECK(site.said_to_client() == refusal);
  kill(stopped.pid(), SIGTERM);
  CHECK(stopped.exit_status() == exit_stopped);
  support::Child mended([&] { return site.wait_for_mend(); });
  CHECK(site.said_to_client() == refusal);
  site.scratch.write("good", "");
  kill(mended.pid(), SIGHUP);
  CHECK(mended.exit_status() == exit_mended);
}

TEST_CASE("an attempt that is killed has failed") {
  const BadSite site;
  support::Child server([&] {
    dup2(open("/dev/null", O_WRONLY), 2);
    listener::Notifier notifier;
    server::refuse_until_mended(site.sockets, notifier, [](auto&) { raise(SIGKILL); });
    return exit_mended;
  });
  CHECK(site.said_to_client() == "-ERR [SYS/TEMP] the server cannot start\r\n");
}
