// SPDX-License-Identifier: ISC
#include "base/address.hpp"

#include "base/unique_fd.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <ostream>
#include <sys/socket.h>
#include <unistd.h>

using base::Address;
using base::UniqueFd;

namespace {

std::string parsed(std::string_view text) {
  const auto address = Address::parse(text);
  CAPTURE(text);
  REQUIRE(address);
  return address->text();
}

/// A TCP connection of this machine to itself: the two ends.
struct Connected {
  UniqueFd listener{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  UniqueFd client{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  UniqueFd server;

  Connected() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener.get(), generic, size) == 0);
    REQUIRE(listen(listener.get(), 1) == 0);
    REQUIRE(getsockname(listener.get(), generic, &size) == 0);
    REQUIRE(connect(client.get(), generic, size) == 0);
    server = UniqueFd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    REQUIRE(server);
  }
};

} // namespace

TEST_CASE("addresses are kept in their canonical text") {
  CHECK(parsed("192.0.2.7") == "192.0.2.7");
  CHECK(parsed("2001:DB8:0:0::7") == "2001:db8::7");
  CHECK(parsed("::") == "::");
  CHECK(parsed("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(parsed("::ffff:c000:207") == "192.0.2.7");
}

TEST_CASE("text that is not exactly one address is refused") {
  for (const auto* text :
       {"", "localhost", "192.0.2", "192.0.2.256", "192.0.2.7:110", "[::1]", "fe80::1%eth0",
        " 192.0.2.7", "192.0.2.7 ", "192.0.2.7\n", "1", "::g", "0x7f.1", "192.0.2.07x"})
    CHECK_FALSE(Address::parse(text));
  CHECK_FALSE(Address::parse(std::string_view("192.0.2.7\0x", 11)));
}

TEST_CASE("loopback is 127.0.0.0/8 and ::1, mapped or not") {
  for (const auto* text : {"127.0.0.1", "127.255.3.4", "::1", "::ffff:127.0.0.1"})
    CHECK(Address::parse(text)->is_loopback());
  for (const auto* text : {"128.0.0.1", "12.7.0.0", "::", "::2", "2001:db8::1", "0.0.0.0"})
    CHECK_FALSE(Address::parse(text)->is_loopback());
}

TEST_CASE("the peer of an internet socket has an address") {
  const Connected connected;
  REQUIRE(Address::of_peer(connected.server.get()));
  CHECK(Address::of_peer(connected.server.get())->text() == "127.0.0.1");
  CHECK_FALSE(Address::of_peer(connected.listener.get()));
}

TEST_CASE("this end of an internet socket has an address, connected or not") {
  const Connected connected;
  for (const auto* fd : {&connected.server, &connected.listener, &connected.client})
    CHECK(Address::of_own_end(fd->get()) == Address::parse("127.0.0.1"));
  CHECK_FALSE(Address::of_own_end(-1));
}

TEST_CASE("an address is the same over an IPv4 and an IPv6 socket, and a local one has none") {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  v4.sin_family = AF_INET;
  REQUIRE(inet_pton(AF_INET, "192.0.2.7", &v4.sin_addr) == 1);
  CHECK(Address::of(storage) == Address::parse("192.0.2.7"));
  storage = {};
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  v6.sin6_family = AF_INET6;
  REQUIRE(inet_pton(AF_INET6, "::ffff:192.0.2.7", &v6.sin6_addr) == 1);
  CHECK(Address::of(storage) == Address::parse("192.0.2.7"));
  REQUIRE(inet_pton(AF_INET6, "2001:db8::7", &v6.sin6_addr) == 1);
  CHECK(Address::of(storage) == Address::parse("2001:db8::7"));
  storage.ss_family = AF_UNIX;
  CHECK_FALSE(Address::of(storage));
}

TEST_CASE("addresses are made of 4 octets or 16, and are equal when these are") {
  const auto octets = [](std::string_view text) {
    return Address::of_octets(std::as_bytes(std::span(text)));
  };
  using namespace std::string_view_literals;
  CHECK(octets("\xc0\0\x02\x07"sv).text() == "192.0.2.7");
  CHECK(octets("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x07"sv) == octets("\xc0\0\x02\x07"sv));
  CHECK(octets("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"sv).text() == "2001:db8::7");
  CHECK(Address::parse("192.0.2.7")->is_ipv4());
  CHECK(Address::parse("::ffff:192.0.2.7")->is_ipv4());
  CHECK_FALSE(Address::parse("::192.0.2.7")->is_ipv4());
  CHECK(Address::parse("192.0.2.7") < Address::parse("192.0.2.8"));
  static_assert(std::is_trivially_copyable_v<Address> && sizeof(Address) == 16);
}

TEST_CASE("pipes, local sockets and files have no peer address") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const UniqueFd in(ends[0]), out(ends[1]);
  CHECK_FALSE(Address::of_peer(in.get()));
  int pair[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const UniqueFd one(pair[0]), other(pair[1]);
  CHECK_FALSE(Address::of_peer(one.get()));
  CHECK_FALSE(Address::of_peer(-1));
}
