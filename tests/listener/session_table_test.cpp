// SPDX-License-Identifier: ISC
#include "listener/session_table.hpp"

#include "support/child.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <ostream>
#include <unistd.h>

using listener::SessionTable;
using listener::signal_all;
using listener::size_of_network;

namespace {

std::optional<base::Address> source(const char* text, const config::Settings& settings = {}) {
  return listener::source_of({.peer = base::Address::parse(text).value()}, settings);
}

/// True when both count for one network.
bool same(const char* one, const char* other, const base::Prefixes& prefixes = {32, 64}) {
  return size_of_network({{11, source(one)}}, source(other), prefixes) == 1;
}

} // namespace

TEST_CASE("sessions are counted for each network") {
  SessionTable table;
  CHECK(size_of_network(table, source("192.0.2.7"), {}) == 0);
  table = {{11, source("192.0.2.7")},
           {12, source("192.0.2.7")},
           {13, source("2001:db8::1")},
           {14, source("127.0.0.1")}};
  CHECK(size_of_network(table, source("192.0.2.7"), {32, 64}) == 2);
  CHECK(size_of_network(table, source("192.0.2.8"), {32, 64}) == 0);
  CHECK(size_of_network(table, source("192.0.2.8"), {24, 64}) == 2);
  CHECK(size_of_network(table, source("2001:db8::2"), {32, 64}) == 1);
  CHECK(size_of_network(table, source("127.0.0.1"), {32, 64}) == 0);
}

TEST_CASE("a session that has ended does not count any more") {
  SessionTable table;
  for (const pid_t process : {11, 12, 13})
    table.push_back({process, source("192.0.2.7")});
  CHECK(remove(table, 12));
  CHECK_FALSE(remove(table, 12));
  CHECK_FALSE(remove(table, 99));
  CHECK(size_of_network(table, source("192.0.2.7"), {}) == 2);
  CHECK(remove(table, 13));
  CHECK(remove(table, 11));
  CHECK(table.empty());
}

TEST_CASE("by default a network is one IPv4 address, or 64 bits of an IPv6 address") {
  const auto prefixes = config::Settings().source_prefixes();
  CHECK(same("192.0.2.7", "192.0.2.7", prefixes));
  CHECK_FALSE(same("192.0.2.7", "192.0.2.6", prefixes));
  CHECK(same("2001:db8:1:2::7", "2001:db8:1:2:ffff:ffff:ffff:ffff", prefixes));
  CHECK_FALSE(same("2001:db8:1:2::7", "2001:db8:1:3::7", prefixes));
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
    CHECK_MESSAGE(!source(text), text);
    CHECK_MESSAGE(!same(text, text), text);
  }
  for (const char* text : {"126.255.255.255", "128.0.0.1", "::2", "::", "fe80::1"})
    CHECK_MESSAGE(source(text), text);
  CHECK_FALSE(listener::source_of({}, {}));
  const auto own = base::Address::parse("192.0.2.7");
  CHECK(listener::source_of({.peer = own}, {}) == own);
  CHECK_FALSE(listener::source_of({.peer = own, .has_own_address = true}, {}));
}

TEST_CASE("a proxy is no network where its header is required") {
  config::Settings settings;
  settings.proxy_networks = base::Networks::parse("192.0.2.0/24").value();
  CHECK(source("192.0.2.7", settings));
  settings.proxy = config::Settings::Proxy::required;
  CHECK_FALSE(source("192.0.2.7", settings));
  CHECK(source("198.51.100.7", settings));
}

TEST_CASE("clients on this host, proxies and trusted networks are preferred") {
  const auto is_preferred = [](const char* text, const config::Settings& settings) {
    return listener::is_preferred({.peer = base::Address::parse(text)}, settings);
  };
  config::Settings settings;
  CHECK(is_preferred("127.0.0.1", settings));
  CHECK(listener::is_preferred({}, settings));
  CHECK_FALSE(is_preferred("192.0.2.7", settings));
  settings.trusted_networks = base::Networks::parse("192.0.2.0/28").value();
  CHECK(is_preferred("192.0.2.7", settings));
  CHECK_FALSE(is_preferred("192.0.2.16", settings));
  settings.proxy_networks = base::Networks::parse("192.0.2.16").value();
  CHECK_FALSE(is_preferred("192.0.2.16", settings));
  settings.proxy = config::Settings::Proxy::required;
  CHECK(is_preferred("192.0.2.16", settings));
}

TEST_CASE("signals reach the processes of the table") {
  const auto wait_for_signal = [] { return pause(); };
  support::Child one(wait_for_signal), other(wait_for_signal), outside(wait_for_signal);
  signal_all({{one.pid(), {}}, {other.pid(), {}}}, SIGUSR1);
  for (auto* child : {&one, &other}) {
    const int status = child->wait();
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGUSR1);
  }
  CHECK(kill(outside.pid(), 0) == 0);
}
