// SPDX-License-Identifier: ISC
#include "listener/source.hpp"

#include "support/peers.hpp"

#include <doctest/doctest.h>
#include <ostream>

using listener::Prefixes;
using support::source;

namespace {

bool same(const char* one, const char* other, const Prefixes& prefixes = {}) {
  return source(one).shares_network(source(other), prefixes);
}

} // namespace

TEST_CASE("by default an IPv4 network is one address") {
  CHECK(same("192.0.2.7", "192.0.2.7"));
  CHECK_FALSE(same("192.0.2.7", "192.0.2.6"));
}

TEST_CASE("by default an IPv6 network has 64 bits") {
  CHECK(same("2001:db8:1:2::7", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
  CHECK_FALSE(same("2001:db8:1:2::7", "2001:db8:1:3::7"));
}

TEST_CASE("prefixes count bits") {
  CHECK(same("192.0.2.4", "192.0.2.7", {30, 64}));
  CHECK_FALSE(same("192.0.2.4", "192.0.2.7", {31, 64}));
  CHECK(same("0.0.0.1", "126.255.255.255", {1, 64}));
  CHECK_FALSE(same("0.0.0.1", "128.0.0.1", {1, 64}));
  CHECK(same("2001:db8::4", "2001:db8::7", {32, 126}));
  CHECK_FALSE(same("2001:db8::4", "2001:db8::7", {32, 127}));
  CHECK(same("2001:db8::7", "2001:db8::7", {32, 128}));
  CHECK_FALSE(same("2001:db8::6", "2001:db8::7", {32, 128}));
}

TEST_CASE("IPv4 is IPv4 over IPv6 sockets too") {
  CHECK(same("::ffff:192.0.2.7", "192.0.2.7"));
  CHECK_FALSE(same("::ffff:192.0.2.7", "::ffff:192.0.2.6"));
}

TEST_CASE("no prefix puts IPv4 and IPv6 into one network") {
  CHECK(same("::2", "::3", {1, 1}));
  CHECK_FALSE(same("::2", "192.0.2.7", {1, 1}));
}

TEST_CASE("this host is no network") {
  for (const char* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
    CHECK_MESSAGE(source(text).is_this_host(), text);
    CHECK_MESSAGE(!same(text, text), text);
  }
  for (const char* text : {"126.255.255.255", "128.0.0.1", "::2", "::", "fe80::1"})
    CHECK_MESSAGE(!source(text).is_this_host(), text);
  CHECK(listener::Source().is_this_host());
  sockaddr_storage local{};
  local.ss_family = AF_UNIX;
  CHECK(listener::Source::of(local).is_this_host());
}
