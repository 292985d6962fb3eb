// SPDX-License-Identifier: ISC
#include "listener/listening_socket.hpp"

#include "support/child.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <ostream>
#include <stdexcept>
#include <system_error>

using listener::adopt;
using listener::listen_at;
using listener::ListenAddress;

namespace {

/// The loopback address with a port that the system chooses.
ListenAddress any_port() {
  return {base::Address::parse("127.0.0.1").value(), 0, "loopback"};
}

ListenAddress address_of(int fd) {
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
  return {base::Address::parse("127.0.0.1").value(), ntohs(bound.sin_port), "the same"};
}

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  REQUIRE(getsockopt(fd, level, name, &value, &size) == 0);
  return value;
}

bool is_refused(int fd) {
  try {
    adopt(fd);
  } catch (const std::runtime_error& error) {
    return std::string_view(error.what()).starts_with("descriptor ");
  }
  return false;
}

} // namespace

TEST_CASE("a connection from a listening socket sends without delay and blocks") {
  const auto socket_made = listen_at(any_port());
  const auto bound = listener::socket_address(address_of(socket_made.fd.get()));
  const base::UniqueFd client(socket(AF_INET, SOCK_STREAM, 0));
  REQUIRE(connect(client.get(), reinterpret_cast<const sockaddr*>(&bound), sizeof bound) == 0);
  const base::UniqueFd server(accept4(socket_made.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  REQUIRE(server);
  CHECK(option(server.get(), IPPROTO_TCP, TCP_NODELAY) != 0);
  CHECK((fcntl(server.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("listening sockets neither block nor outlive an exec") {
  auto made = listen_at(any_port());
  fcntl(made.fd.get(), F_SETFD, 0);
  fcntl(made.fd.get(), F_SETFL, 0);
  const auto passed = adopt(made.fd.release());
  CHECK((fcntl(passed.fd.get(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK(fcntl(passed.fd.get(), F_GETFD) == FD_CLOEXEC);
  CHECK(passed.address.starts_with("127.0.0.1:"));
}

TEST_CASE("a socket that is a standard descriptor is moved away from there") {
  CHECK(support::Child([] {
          const auto made = listen_at(any_port());
          dup2(made.fd.get(), 0);
          return adopt(0).fd.get() > 2 ? 0 : 1;
        }).exit_status() == 0);
}

TEST_CASE("an address in use is refused with its name") {
  const auto first = listen_at(any_port());
  CHECK_THROWS_WITH_AS(listen_at(address_of(first.fd.get())),
                       "cannot listen at the same: Address already in use", std::system_error);
}

TEST_CASE("an IPv6 socket leaves IPv4 alone") {
  try {
    const auto made = listen_at({{}, 0, "[::]"});
    CHECK(option(made.fd.get(), IPPROTO_IPV6, IPV6_V6ONLY) == 1);
  } catch (const std::system_error&) {
    support::skipped("needs IPv6");
  }
}

TEST_CASE("a descriptor that is no listening stream socket is neither adopted nor closed") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const base::UniqueFd pipe_end(ends[0]), other_end(ends[1]);
  const base::UniqueFd datagrams(socket(AF_INET, SOCK_DGRAM, 0));
  const base::UniqueFd unconnected(socket(AF_INET, SOCK_STREAM, 0));
  for (const int fd : {pipe_end.get(), datagrams.get(), unconnected.get()}) {
    CHECK(is_refused(fd));
    CHECK(fcntl(fd, F_GETFD) >= 0);
  }
  CHECK(is_refused(1000));
}
