// SPDX-License-Identifier: ISC
#include "server/connection.hpp"

#include <doctest/doctest.h>

using namespace server;
using config::Settings;

namespace {

Connection from(const char* address) {
  Connection connection;
  connection.peer = base::Address::parse(address);
  return connection;
}

} // namespace

TEST_CASE("a connection is protected behind a TLS wrapper and from this host") {
  Settings settings;
  CHECK_FALSE(security_of(settings, from("192.0.2.7")).is_protected);
  CHECK(security_of(settings, from("127.0.0.1")).is_protected);
  CHECK(security_of(settings, Connection()).is_protected);
  settings.tls = Settings::Tls::wrapped;
  CHECK(security_of(settings, from("192.0.2.7")).is_protected);
}

TEST_CASE("a client has a certificate when the launcher names one") {
  auto connection = from("127.0.0.1");
  CHECK_FALSE(security_of(Settings(), connection).has_certificate);
  connection.distinguished_name = "CN=alice";
  CHECK(security_of(Settings(), connection).has_certificate);
}

TEST_CASE("a peer elsewhere is not local, whatever the variables say") {
  Connection connection;
  connection.peer = base::Address::parse("192.0.2.7");
  CHECK_FALSE(connection.is_local());
  connection.peer = base::Address::parse("::1");
  CHECK(connection.is_local());
}

TEST_CASE("a client on this host, or at the socket's peer address, is not relayed") {
  Connection connection;
  CHECK_FALSE(connection.is_relayed());
  connection.client = base::Address::parse("127.0.0.2");
  CHECK_FALSE(connection.is_relayed());
  connection.peer = connection.client = base::Address::parse("192.0.2.7");
  CHECK_FALSE(connection.is_relayed());
}
