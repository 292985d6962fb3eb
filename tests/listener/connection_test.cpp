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

TEST_CASE("a client has hung up when it has closed the connection and sent nothing") {
  const Site site;
  auto client = site.connect();
  const auto connection = take_connection(site.server.get());
  CHECK_FALSE(listener::has_hung_up(connection.fd.get()));
  SUBCASE("with a FIN") {
    client.reset();
    CHECK(listener::has_hung_up(connection.fd.get()));
  }
  SUBCASE("with a RST") {
    const linger at_once{1, 0};
    REQUIRE(setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    client.reset();
    CHECK(listener::has_hung_up(connection.fd.get()));
  }
  SUBCASE("not after an octet, which stays to be read") {
    REQUIRE(write(client.get(), "Q", 1) == 1);
    REQUIRE(shutdown(client.get(), SHUT_WR) == 0);
    CHECK_FALSE(listener::has_hung_up(connection.fd.get()));
    char octet = 0;
    CHECK(read(connection.fd.get(), &octet, 1) == 1);
    CHECK(octet == 'Q');
  }
}

TEST_CASE("a local socket's client has hung up, too") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  const base::UniqueFd ours(ends[0]);
  base::UniqueFd client(ends[1]);
  CHECK_FALSE(listener::has_hung_up(ours.get()));
  client.reset();
  CHECK(listener::has_hung_up(ours.get()));
}
