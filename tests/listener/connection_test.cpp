// SPDX-License-Identifier: ISC
#include "listener/connection.hpp"

#include "listener/listening_socket.hpp"

#include <array>
#include <cerrno>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

using listener::take_connection;

namespace {

/// A listening socket of this host, at a port that the system has chosen, and clients of it.
struct Site {
  base::UniqueFd server = [] {
    const listener::ListenAddress any{base::Address::parse("127.0.0.1").value(), 0, "127.0.0.1:0"};
    return std::move(listener::listen_at(any).fd);
  }();

  base::UniqueFd connect() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    REQUIRE(getsockname(server.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    base::UniqueFd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    return client;
  }
};

} // namespace

TEST_CASE("a connection is taken with its client's address") {
  const Site site;
  CHECK_FALSE(take_connection(site.server.get()).fd);
  CHECK(listener::is_about_one_client(errno));
  const auto client = site.connect();
  const auto connection = take_connection(site.server.get());
  REQUIRE(connection.fd);
  CHECK(connection.client.from() == "127.0.0.1");
  CHECK_FALSE(take_connection(-1).fd);
  CHECK_FALSE(listener::is_about_one_client(errno));
}

TEST_CASE("a client is told a line, and one that is gone stops no caller") {
  const Site site;
  auto client = site.connect();
  const auto connection = take_connection(site.server.get());
  listener::tell(connection.fd.get(), "-ERR\r\n");
  std::array<char, 8> text{};
  CHECK(read(client.get(), text.data(), text.size()) == 6);
  client.reset();
  for (int i = 0; i < 3; ++i)
    listener::tell(connection.fd.get(), "-ERR\r\n");
}
