// SPDX-License-Identifier: ISC
#include "monitor/proxied_client.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace monitor;
using Origin = proxy_protocol::Header::Origin;
using Tls = proxy_protocol::Header::Tls;

namespace {

ipc::ProxyRequest request_of(Origin origin, Tls tls, std::string_view source = "") {
  return {.origin = origin,
          .tls = tls,
          .source = base::Address::parse(source).value_or(base::Address())};
}

ipc::ProxyRequest from(std::string_view source) {
  return request_of(Origin::client, Tls::unknown, source);
}

base::Client at(const char* proxy) {
  const auto address = base::Address::parse(proxy);
  return {address, address};
}

/// The address of the client behind `proxy`; empty when that is the proxy itself.
std::string address_of(const ipc::ProxyRequest& request, const char* proxy = "10.0.0.1") {
  const auto client = client_behind(at(proxy), request, {});
  CHECK(client.peer.has_value() == at(proxy).peer.has_value());
  return client.from() == at(proxy).from() ? "" : client.from();
}

bool is_protected(const ipc::ProxyRequest& request, bool from_here, bool wrapped = false) {
  config::Settings settings;
  settings.tls = wrapped ? config::Settings::Tls::wrapped : config::Settings::Tls::none;
  return client_behind(at(from_here ? "127.0.0.9" : "10.0.0.1"), request, settings).is_protected;
}

} // namespace

TEST_CASE("a client has the address that the proxy told, the proxy itself has its own") {
  CHECK(address_of(from("192.0.2.7")) == "192.0.2.7");
  CHECK(address_of(from("2001:db8::7")) == "2001:db8::7");
  for (const auto origin : {Origin::proxy, Origin::unknown})
    CHECK(address_of(request_of(origin, Tls::unknown)).empty());
}

TEST_CASE("clients that a proxy tells no address of are one client, unless it is on this host") {
  for (const auto origin : {Origin::proxy, Origin::unknown}) {
    const auto untold = request_of(origin, Tls::unknown);
    CHECK(client_behind(at("10.0.0.1"), untold, {}).remote_address() == at("10.0.0.1").peer);
    for (const auto* here : {"127.0.0.9", "::1", "local"})
      CHECK_FALSE(client_behind(at(here), untold, {}).remote_address());
  }
}

TEST_CASE("a proxy that gives its own address is no client, but is protected by the same rules") {
  CHECK(address_of(from("10.0.0.1")).empty());
  CHECK_FALSE(is_protected(from("10.0.0.1"), false));
  CHECK(client_behind(at("127.0.0.1"), from("127.0.0.1"), {}).is_protected);
  CHECK(address_of(from("10.0.0.2")) == "10.0.0.2");
}

TEST_CASE("a loopback address on another host is the proxy there, not a client on this host") {
  for (const auto* loopback : {"127.0.0.1", "::1"}) {
    CHECK(address_of(from(loopback)).empty());
    CHECK(address_of(from(loopback), "127.0.0.9") == loopback);
    CHECK(address_of(from(loopback), "local") == loopback); // a proxy on a local socket
  }
}

TEST_CASE("a proxy at this host's own address is on this host, and so is its loopback client") {
  auto proxy = at("10.0.0.1");
  CHECK(client_behind(proxy, from("127.0.0.1"), {}).from() == "10.0.0.1");
  proxy.has_own_address = true;
  const auto client = client_behind(proxy, from("127.0.0.1"), {});
  CHECK(client.from() == "127.0.0.1");
  CHECK(client.is_protected);
  CHECK_FALSE(client_behind(proxy, from("192.0.2.7"), {}).is_protected);
}

TEST_CASE("an address is told in its canonical form, whatever the form in the header was") {
  for (const auto* text : {"2001:DB8::7", "2001:db8:0:0:0:0:0:7"})
    CHECK(address_of(from(text)) == "2001:db8::7");
  CHECK(address_of(from("::ffff:192.0.2.7")) == "192.0.2.7");
}

TEST_CASE("the header decides about TLS, whatever the settings say") {
  for (const bool here : {false, true})
    for (const bool wrapped : {false, true})
      for (const auto* address : {"192.0.2.7", "127.0.0.1"}) {
        CHECK(is_protected(request_of(Origin::client, Tls::yes, address), here, wrapped));
        CHECK_FALSE(is_protected(request_of(Origin::client, Tls::no, address), here, wrapped));
        CHECK_FALSE(is_protected(request_of(Origin::unknown, Tls::no), here, wrapped));
      }
}

TEST_CASE("where the header does not tell of TLS, the settings or a local address decide") {
  for (const bool here : {false, true}) {
    CHECK(is_protected(from("192.0.2.7"), here, true));
    CHECK_FALSE(is_protected(from("192.0.2.7"), here));
    CHECK(is_protected(from("127.0.0.2"), here) == here);
    CHECK(is_protected(from("::1"), here) == here);
    CHECK(is_protected(request_of(Origin::proxy, Tls::unknown), here) == here);
    CHECK_FALSE(is_protected(request_of(Origin::unknown, Tls::unknown), here));
    CHECK(is_protected(request_of(Origin::unknown, Tls::unknown), here, true));
  }
}

TEST_CASE("the certificate's name is taken octet by octet") {
  auto request = request_of(Origin::client, Tls::yes, "192.0.2.7");
  CHECK(client_behind(at("10.0.0.1"), request, {}).certificate.empty());
  request.name_length = 3;
  request.common_name[0] = 'a';
  request.common_name[2] = 'b';
  CHECK(client_behind(at("10.0.0.1"), request, {}).certificate.common_name ==
        std::string("a\0b", 3));
}
