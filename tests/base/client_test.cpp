// SPDX-License-Identifier: ISC
#include "base/client.hpp"

#include <doctest/doctest.h>

using namespace base;

TEST_CASE("a peer elsewhere is not local, whatever the launcher says") {
  Client client;
  CHECK(client.is_local());
  client.peer = Address::parse("192.0.2.7");
  CHECK_FALSE(client.is_local());
  client.address = Address::parse("127.0.0.1");
  CHECK_FALSE(client.is_local());
  client.peer = Address::parse("::1");
  CHECK(client.is_local());
}

TEST_CASE("a peer that has connected from this host's own address is local, and not relayed") {
  Client client{Address::parse("192.0.2.7"), Address::parse("192.0.2.7")};
  CHECK_FALSE(client.is_local());
  client.has_own_address = true;
  CHECK(client.is_local());
  CHECK_FALSE(client.is_relayed());
  client.address = Address::parse("198.51.100.7"); // as a launcher tells it
  CHECK(client.is_relayed());
}

TEST_CASE("a descriptor that is no socket has no own address") {
  const auto client = Client::at(-1, Address::parse("192.0.2.7"));
  CHECK(client.peer == client.address);
  CHECK_FALSE(client.is_local());
  CHECK(Client::at(-1, {}).is_local());
}

TEST_CASE("a client on this host, or at the socket's peer address, is not relayed") {
  Client client;
  CHECK_FALSE(client.is_relayed());
  client.address = Address::parse("127.0.0.2");
  CHECK_FALSE(client.is_relayed());
  client.peer = client.address = Address::parse("192.0.2.7");
  CHECK_FALSE(client.is_relayed());
  client.peer = Address::parse("127.0.0.1");
  CHECK(client.is_relayed());
}

TEST_CASE("a certificate counts on a protected connection only") {
  Client client;
  client.is_protected = true;
  CHECK_FALSE(client.has_certificate());
  client.certificate.common_name = "alice";
  CHECK(client.has_certificate());
  client.certificate = {"CN=alice"};
  CHECK(client.has_certificate());
  client.is_protected = false;
  CHECK_FALSE(client.has_certificate());
}

TEST_CASE("the log has the client's address, or that it has none") {
  CHECK(Client().from() == "local");
  CHECK(Client{Address::parse("127.0.0.1"), Address::parse("192.0.2.7")}.from() == "192.0.2.7");
}
