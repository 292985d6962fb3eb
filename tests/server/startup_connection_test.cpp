// SPDX-License-Identifier: ISC
// The address and the certificate of the client, from the socket and the launcher's variables.
#include "support/startup_in_child.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <ostream>
#include <string>
#include <vector>

using base::Client;
using support::put_loopback_connection;
using support::put_pipe_on_standard_input;
using support::startup_in_child;

namespace {

using Variables = std::vector<std::pair<const char*, const char*>>;

/// True when `wanted` is logged as the address of a client on a pipe.
bool tells(const Variables& variables, const std::string& wanted) {
  return startup_in_child(
             [&] {
               clearenv();
               put_pipe_on_standard_input();
               for (const auto& [name, value] : variables)
                 setenv(name, value, 1);
             },
             [&](const Client& client) {
               return client.from() == wanted && !client.peer && client.is_local();
             }) == 0;
}

} // namespace

TEST_CASE("without a socket the launcher tells the address, if it is one") {
  CHECK(tells({}, "local"));
  CHECK(tells({{"TCPREMOTEIP", "192.0.2.7"}}, "192.0.2.7"));
  CHECK(tells({{"REMOTE_ADDR", "2001:DB8::7"}}, "2001:db8::7"));
  CHECK(tells({{"REMOTE_HOST", "fe80::7%eth0"}}, "fe80::7"));
  CHECK(tells({{"REMOTE_HOST", "::ffff:192.0.2.7"}}, "192.0.2.7"));
  CHECK(tells({{"REMOTE_HOST", "client.example.org"}}, "local"));
  CHECK(tells({{"TCPREMOTEIP", ""}}, "local"));
  CHECK(tells({{"TCPREMOTEIP", "192.0.2.7\nevent=login"}}, "local"));
}

TEST_CASE("of several variables the first that holds an address counts") {
  CHECK(tells(
      {{"REMOTE_HOST", "192.0.2.3"}, {"REMOTE_ADDR", "192.0.2.2"}, {"TCPREMOTEIP", "192.0.2.1"}},
      "192.0.2.1"));
  CHECK(tells({{"TCPREMOTEIP", "x"}, {"REMOTE_HOST", "192.0.2.3"}, {"REMOTE_ADDR", "192.0.2.2"}},
              "192.0.2.2"));
}

TEST_CASE("a connection from this machine has its own address, or the one that a proxy tells") {
  CHECK(startup_in_child(
            [] {
              clearenv();
              put_loopback_connection();
            },
            [](const Client& client) {
              return client.from() == "127.0.0.1" && client.peer && client.is_local();
            }) == 0);
  CHECK(startup_in_child(
            [] {
              setenv("REMOTE_HOST", "192.0.2.7", 1);
              put_loopback_connection();
            },
            [](const Client& client) {
              return client.from() == "192.0.2.7" && client.is_local();
            }) == 0);
}

TEST_CASE("where the client is follows the peer, or the launcher's word where that is this host") {
  const auto is_at = [](const char* address, bool is_relayed) {
    return [=](const Client& client) {
      return client.address && client.address->text() == address &&
             client.is_relayed() == is_relayed;
    };
  };
  CHECK(startup_in_child(
            [] {
              clearenv();
              put_loopback_connection();
            },
            is_at("127.0.0.1", false)) == 0);
  CHECK(startup_in_child(
            [] {
              setenv("TCPREMOTEIP", "192.0.2.7", 1);
              put_loopback_connection();
            },
            is_at("192.0.2.7", true)) == 0);
  CHECK(startup_in_child(
            [] {
              setenv("TCPREMOTEIP", "192.0.2.7", 1);
              put_pipe_on_standard_input();
            },
            is_at("192.0.2.7", true)) == 0);
  CHECK(startup_in_child(
            [] {
              clearenv();
              put_pipe_on_standard_input();
            },
            [](const Client& client) { return !client.address; }) == 0);
}

TEST_CASE("the name in a certificate is the launcher's word, unless it is too long") {
  for (const std::size_t octets :
       {std::size_t{0}, std::size_t{1023}, std::size_t{1024}, std::size_t{1025}}) {
    const std::string name(octets, 'n');
    const std::string taken = octets <= 1024 ? name : "";
    CHECK(startup_in_child(
              [&] {
                setenv("SSL_CLIENT_DN", name.c_str(), 1);
                put_pipe_on_standard_input();
              },
              [&](const Client& client) {
                return client.certificate.distinguished_name == taken &&
                       getenv("SSL_CLIENT_DN") == nullptr;
              }) == 0);
  }
}
