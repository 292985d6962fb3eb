// SPDX-License-Identifier: ISC
#include "base/connection_options.hpp"

#include "base/unique_fd.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <ostream>
#include <sys/socket.h>

using base::UniqueFd;

namespace {

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  REQUIRE(getsockopt(fd, level, name, &value, &size) == 0);
  return value;
}

/// The numbers that sodapopd(8) names.
void check_options(int fd) {
  CHECK(option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
  CHECK(option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(option(fd, IPPROTO_TCP, TCP_KEEPIDLE) == 60);
  CHECK(option(fd, IPPROTO_TCP, TCP_KEEPINTVL) == 10);
  CHECK(option(fd, IPPROTO_TCP, TCP_KEEPCNT) == 3);
  CHECK(option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT) == 85'000);
  CHECK(option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT) == 131'072);
}

} // namespace

TEST_CASE("a TCP socket gets all options, and the connections that it accepts inherit them") {
  for (const int family : {AF_INET, AF_INET6}) {
    const UniqueFd listening(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    base::set_connection_options(listening.get());
    check_options(listening.get());
    sockaddr_storage place{};
    place.ss_family = static_cast<sa_family_t>(family); // any address, which reaches loopback
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    auto* address = reinterpret_cast<sockaddr*>(&place);
    REQUIRE(bind(listening.get(), address, size) == 0);
    REQUIRE(listen(listening.get(), 1) == 0);
    REQUIRE(getsockname(listening.get(), address, &size) == 0);
    const UniqueFd client(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(connect(client.get(), address, size) == 0);
    const UniqueFd accepted(accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
    REQUIRE(accepted);
    check_options(accepted.get());
  }
}

TEST_CASE("another descriptor stays as it is") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  const UniqueFd one(ends[0]), other(ends[1]);
  base::set_connection_options(one.get());
  CHECK(option(one.get(), SOL_SOCKET, SO_KEEPALIVE) == 0);
  base::set_connection_options(-1);
}
