// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"

#include <doctest/doctest.h>

using config::Settings;
using support::CheckFixture;
using support::Found;

namespace {

/// The findings where proxies of these networks have to send a header.
Found found_for(const char* networks, Settings::External external = Settings::External::off) {
  CheckFixture fixture;
  fixture.scratch.write("passwd", "haproxy:x:123:123::/:/bin/false\n"
                                  "nobody:x:65534:65534::/:/bin/false\n");
  auto& settings = fixture.context.settings;
  settings.proxy = Settings::Proxy::required;
  settings.proxy_networks = *base::Networks::parse(networks);
  settings.external = external;
  if (settings.has_local_proxies())
    settings.proxy_account = "haproxy";
  return fixture.found([&](auto& findings) { check_proxy(fixture.context, findings); });
}

Found found_for_account(const char* account) {
  CheckFixture fixture;
  fixture.scratch.write("passwd", "nobody:x:65534:65534::/:/bin/false\n");
  auto& settings = fixture.context.settings;
  settings.proxy = Settings::Proxy::required;
  settings.proxy_networks = *base::Networks::parse("local");
  settings.proxy_account = account;
  return fixture.found([&](auto& findings) { check_proxy(fixture.context, findings); });
}

} // namespace

TEST_CASE("a proxy on a local socket, or on a host of its own, is in order") {
  for (const auto external : {Settings::External::off, Settings::External::common_name})
    for (const auto* networks : {"local", "198.51.100.7", "198.51.100.0/24", "2001:db8::/120"}) {
      CAPTURE(networks);
      CHECK(found_for(networks, external).empty());
    }
}

TEST_CASE("addresses of this host, which any program may use, are found") {
  for (const auto* networks : {"127.0.0.1", "127.3.4.0/24", "::1", "local,127.0.0.1"}) {
    CAPTURE(networks);
    CHECK(found_for(networks) == Found{"warning proxy-networks-open"});
    for (const auto external : {Settings::External::common_name, Settings::External::email_address})
      CHECK(found_for(networks, external) == Found{"error proxy-networks-open"});
  }
}

TEST_CASE("networks of more than 256 addresses are found") {
  for (const auto* networks : {"198.51.100.0/23", "2001:db8::/119", "198.51.100.7,2001:db8::/64"}) {
    CAPTURE(networks);
    CHECK(found_for(networks) == Found{"warning proxy-networks-open"});
    CHECK(found_for(networks, Settings::External::common_name) ==
          Found{"error proxy-networks-open"});
  }
  CHECK(found_for("0.0.0.0/0") ==
        Found{"warning proxy-networks-open", "warning proxy-networks-open"});
}

TEST_CASE("the account of a proxy has to exist, and to be one account") {
  CHECK(found_for_account("haproxy") == Found{"error proxy-account-missing"});
  CHECK(found_for_account("nobody") == Found{"error proxy-account-overflow"});
}

TEST_CASE("settings for proxies that are not used are found") {
  CheckFixture fixture;
  auto& settings = fixture.context.settings;
  const auto found = [&] {
    return fixture.found([&](auto& findings) { check_proxy(fixture.context, findings); });
  };
  settings.proxy_networks = *base::Networks::parse("127.0.0.1");
  CHECK(found() == Found{"warning settings-unused"});
  settings.proxy_account = "haproxy";
  CHECK(found() == Found{"warning settings-unused", "warning settings-unused"});
  settings.proxy = Settings::Proxy::required;
  CHECK(found() == Found{"warning settings-unused", "warning proxy-networks-open"});
}
