// SPDX-License-Identifier: ISC
#include "listener/listen_address.hpp"

#include <arpa/inet.h>
#include <cstddef>
#include <cstring>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <optional>
#include <ostream>
#include <set>
#include <sys/un.h>

using namespace listener;

namespace {

/// The problem of `text`; nothing when it is accepted.
std::optional<std::string_view> problem_of(std::string_view text) {
  const auto parsed = parse_listen_address(text);
  return parsed ? std::optional<std::string_view>() : parsed.error();
}

/// The address as getsockname(2) would give it.
std::string told_by_socket(std::string_view text) {
  const auto parsed = parse_listen_address(text);
  return parsed ? text_of(socket_address(*parsed), sizeof(sockaddr_storage)) : "refused";
}

} // namespace

TEST_CASE("an IPv4 address and a port make a socket address") {
  const auto parsed = parse_listen_address("192.0.2.7:110");
  REQUIRE(parsed);
  const auto address = socket_address(*parsed);
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  CHECK(v4.sin_family == AF_INET);
  CHECK(v4.sin_addr.s_addr == inet_addr("192.0.2.7"));
  CHECK(ntohs(v4.sin_port) == 110);
  CHECK(parsed->text == "192.0.2.7:110");
}

TEST_CASE("an IPv6 address stands in brackets") {
  const auto parsed = parse_listen_address("[2001:db8::7]:1110");
  REQUIRE(parsed);
  const auto address = socket_address(*parsed);
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  CHECK(v6.sin6_family == AF_INET6);
  CHECK(ntohs(v6.sin6_port) == 1110);
  CHECK(base::Address::of(address)->text() == "2001:db8::7");
  CHECK(told_by_socket("[2001:DB8:0::7]:1110") == "[2001:db8::7]:1110");
  CHECK(problem_of("::1:110") == no_brackets);
  CHECK(problem_of("2001:db8::7:110") == no_brackets);
}

TEST_CASE("a port is a decimal number from 1 to 65535") {
  CHECK(told_by_socket("127.0.0.1:1") == "127.0.0.1:1");
  CHECK(told_by_socket("127.0.0.1:65535") == "127.0.0.1:65535");
  for (const char* text : {"127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:0110", "127.0.0.1:+1",
                           "127.0.0.1:-1", "127.0.0.1: 1", "127.0.0.1:1 ", "127.0.0.1:pop3"})
    CHECK_MESSAGE(problem_of(text) == bad_port, text);
  for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:", ":110", "[::1]", "110"})
    CHECK_MESSAGE(problem_of(text) == no_port, text);
}

TEST_CASE("an address is a number, not a name") {
  using namespace std::string_view_literals;
  for (const auto text : {"localhost:110"sv, "127.1:110"sv, "*:110"sv, "256.0.0.1:110"sv,
                          "[localhost]:110"sv, "[127.0.0.1]:110"sv, "[::ffff:127.0.0.1]:110"sv,
                          "[::1%lo]:110"sv, "[]:110"sv, "[::1:110"sv, "127.0.0.1\0x:110"sv})
    CHECK_MESSAGE(problem_of(text).has_value(), std::string(text));
  CHECK(problem_of("localhost:110") == no_such_address);
}

TEST_CASE("each problem has a sentence of its own") {
  const std::set<std::string_view> all{no_port, bad_port, no_brackets, no_such_address};
  CHECK(all.size() == 4);
  CHECK(all.count("") == 0);
}

TEST_CASE("a local socket is told by its path") {
  sockaddr_storage storage{};
  auto& local = reinterpret_cast<sockaddr_un&>(storage);
  local.sun_family = AF_UNIX;
  CHECK(text_of(storage, sizeof(sa_family_t)) == "local");
  std::strcpy(local.sun_path, "/run/pop3");
  CHECK(text_of(storage, offsetof(sockaddr_un, sun_path) + 10) == "/run/pop3");
}
