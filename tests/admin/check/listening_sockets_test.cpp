// SPDX-License-Identifier: ISC
#include "admin/check/listening_sockets.hpp"

#include "base/unique_fd.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <ostream>
#include <sys/socket.h>

using namespace admin;

TEST_CASE("rows of sockets that wait have an address and a port, other rows do not count") {
  const auto found = listening_in(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
      "inode\n"
      "   0: 0100007F:006E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
      "77 1\n"
      "   1: 0100007F:006E 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 "
      "78 1\n"
      "   2: 00000000000000000000000001000000:03E3 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 00000000 0 0 79 1\nnonsense\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].address == "127.0.0.1");
  CHECK(found[0].port == 110);
  CHECK(found[0].inode == "77");
  CHECK(found[1].address == "::1");
  CHECK(found[1].port == 995);
}

TEST_CASE("a socket of this process is found, and this process as its owner") {
  const base::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(socket.get(), 1) == 0);
  REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  std::optional<SocketOwner> owner;
  for (const auto& one : listening_sockets())
    if (one.port == ntohs(address.sin_port))
      owner = owner_of(one);
  REQUIRE(owner);
  CHECK(owner->pid == ::getpid());
  CHECK(owner->program.starts_with("test_admin"));
}
