// SPDX-License-Identifier: ISC
#include "listener/listen_address.hpp"

#include <arpa/inet.h>
#include <cstddef>
#include <cstring>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <optional>
#include <ostream>
#include <sys/un.h>

using listener::AddressProblem;
using listener::parse_listen_address;

namespace {

/// The problem of `text`; nothing when it is accepted.
std::optional<AddressProblem> problem_of(std::string_view text) {
  const auto parsed = parse_listen_address(text);
  return parsed ? std::optional<AddressProblem>() : parsed.error();
}

/// The address as getsockname(2) would give it.
std::string told_by_socket(std::string_view text) {
  const auto parsed = parse_listen_address(text);
  return parsed ? listener::text_of(parsed->address, parsed->size) : "refused";
}

} // namespace

TEST_CASE("an IPv4 address and a port make a socket address") {
  const auto parsed = parse_listen_address("192.0.2.7:110");
  REQUIRE(parsed);
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(parsed->address);
  CHECK(v4.sin_family == AF_INET);
  CHECK(v4.sin_addr.s_addr == inet_addr("192.0.2.7"));
  CHECK(ntohs(v4.sin_port) == 110);
  CHECK(parsed->size == sizeof v4);
  CHECK(parsed->text == "192.0.2.7:110");
}

TEST_CASE("an IPv6 address stands in brackets") {
  const auto parsed = parse_listen_address("[2001:db8::7]:1110");
  REQUIRE(parsed);
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(parsed->address);
  CHECK(v6.sin6_family == AF_INET6);
  CHECK(ntohs(v6.sin6_port) == 1110);
  CHECK(parsed->size == sizeof v6);
  CHECK(told_by_socket("[2001:DB8:0::7]:1110") == "[2001:db8::7]:1110");
  CHECK(problem_of("::1:110") == AddressProblem::no_brackets);
  CHECK(problem_of("2001:db8::7:110") == AddressProblem::no_brackets);
}

TEST_CASE("a port is a decimal number from 1 to 65535") {
  CHECK(told_by_socket("127.0.0.1:1") == "127.0.0.1:1");
  CHECK(told_by_socket("127.0.0.1:65535") == "127.0.0.1:65535");
  for (const char* text : {"127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:0110", "127.0.0.1:+1",
                           "127.0.0.1:-1", "127.0.0.1: 1", "127.0.0.1:1 ", "127.0.0.1:pop3"})
    CHECK_MESSAGE(problem_of(text) == AddressProblem::bad_port, text);
  for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:", ":110", "[::1]", "110"})
    CHECK_MESSAGE(problem_of(text) == AddressProblem::no_port, text);
}

TEST_CASE("an address is a number, not a name") {
  using namespace std::string_view_literals;
  for (const auto text :
       {"localhost:110"sv, "127.1:110"sv, "*:110"sv, "256.0.0.1:110"sv, "[localhost]:110"sv,
        "[127.0.0.1]:110"sv, "[::1%lo]:110"sv, "[]:110"sv, "[::1:110"sv, "127.0.0.1\0x:110"sv})
    CHECK_MESSAGE(problem_of(text).has_value(), std::string(text));
  CHECK(problem_of("localhost:110") == AddressProblem::no_such_address);
}

TEST_CASE("each problem has a sentence of its own") {
  const AddressProblem all[] = {AddressProblem::no_port, AddressProblem::bad_port,
                                AddressProblem::no_brackets, AddressProblem::no_such_address};
  for (const auto one : all)
    for (const auto other : all)
      CHECK((description(one) == description(other)) == (one == other));
}

TEST_CASE("a local socket is told by its path") {
  sockaddr_storage storage{};
  auto& local = reinterpret_cast<sockaddr_un&>(storage);
  local.sun_family = AF_UNIX;
  CHECK(listener::text_of(storage, sizeof(sa_family_t)) == "local");
  std::strcpy(local.sun_path, "/run/pop3");
  CHECK(listener::text_of(storage, offsetof(sockaddr_un, sun_path) + 10) == "/run/pop3");
}
