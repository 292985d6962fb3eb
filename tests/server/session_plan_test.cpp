// SPDX-License-Identifier: ISC
#include "server/session_plan.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <stdexcept>
#include <tuple>
#include <unistd.h>

using namespace server;
using config::Settings;
using pop3::Mechanism;

namespace {

/// The default settings with a front account that every host has.
config::Settings usual() {
  config::Settings settings;
  settings.front_account = "nobody";
  return settings;
}

base::Client from(const char* address, const char* distinguished_name = "") {
  const auto peer = base::Address::parse(address);
  return {peer, peer, {distinguished_name}};
}

bool offers(const Settings& settings, const base::Client& client, Mechanism mechanism) {
  return is_possible(mechanism, plan_session({}, settings, client).profile);
}

} // namespace

TEST_CASE("the profile says what the settings and the connection allow") {
  auto settings = usual();
  settings.hostname = "pop.example.org";
  const auto remote = plan_session({}, settings, from("192.0.2.7"));
  CHECK(remote.profile.hostname == "pop.example.org");
  CHECK_FALSE(remote.profile.version.empty());
  CHECK_FALSE(remote.profile.is_protected);
  CHECK(plan_session({}, settings, from("127.0.0.1")).profile.is_protected);
  settings.tls = config::Settings::Tls::wrapped;
  CHECK(plan_session({}, settings, from("192.0.2.7")).profile.is_protected);
}

TEST_CASE("a connection is protected behind a TLS wrapper and from this host") {
  auto settings = usual();
  const auto is_protected = [&](const base::Client& client) {
    const auto plan = plan_session({}, settings, client);
    CHECK(plan.profile.is_protected == plan.client.is_protected);
    return plan.client.is_protected;
  };
  CHECK_FALSE(is_protected(from("192.0.2.7")));
  CHECK(is_protected(from("127.0.0.1")));
  CHECK(is_protected({}));
  settings.tls = config::Settings::Tls::wrapped;
  CHECK(is_protected(from("192.0.2.7")));
}

TEST_CASE(
    "a client has a certificate when the launcher names one and the connection is protected") {
  const auto has_certificate = [](const base::Client& client) {
    return plan_session({}, usual(), client).profile.has_certificate;
  };
  CHECK_FALSE(has_certificate(from("127.0.0.1")));
  CHECK(has_certificate(from("127.0.0.1", "CN=alice")));
  CHECK_FALSE(has_certificate(from("192.0.2.7", "CN=alice")));
}

TEST_CASE("before a PROXY header the client is the proxy, whatever the launcher says") {
  auto settings = usual();
  settings.proxy = Settings::Proxy::required;
  auto told = from("127.0.0.1", "CN=alice");
  told.address = base::Address::parse("192.0.2.7");
  const auto plan = plan_session({}, settings, told);
  CHECK(plan.client.from() == "127.0.0.1");
  CHECK(plan.client.certificate.empty());
  CHECK_FALSE(plan.profile.has_certificate);
  settings.proxy = Settings::Proxy::off;
  CHECK(plan_session({}, settings, told).client.from() == "192.0.2.7");
}

TEST_CASE("SCRAM is offered where the settings want it") {
  auto settings = usual();
  for (const auto& [scram, in_the_open, in_secret] :
       {std::tuple{Settings::Scram::off, false, false},
        {Settings::Scram::kept, true, false},
        {Settings::Scram::unprotected, true, false},
        {Settings::Scram::always, true, true}}) {
    settings.scram = scram;
    CHECK(offers(settings, from("192.0.2.7"), Mechanism::scram) == in_the_open);
    CHECK(offers(settings, from("127.0.0.1"), Mechanism::scram) == in_secret);
  }
}

TEST_CASE("tokens and certificates are taken on protected connections, where they are set up") {
  auto settings = usual();
  const auto shown = from("127.0.0.1", "CN=alice");
  for (const auto mechanism : {Mechanism::oauthbearer, Mechanism::xoauth2, Mechanism::external})
    CHECK_FALSE(offers(settings, shown, mechanism));
  settings.oauth_keys = "/keys";
  settings.external = Settings::External::common_name;
  for (const auto* address : {"127.0.0.1", "192.0.2.7"})
    for (const auto* name : {"", "CN=alice"}) {
      const auto client = from(address, name);
      const bool is_protected = client.is_local();
      CHECK(offers(settings, client, Mechanism::plain) == is_protected);
      CHECK(offers(settings, client, Mechanism::oauthbearer) == is_protected);
      CHECK(offers(settings, client, Mechanism::external) == (is_protected && *name != '\0'));
    }
}

TEST_CASE("a program that checks passwords leaves nothing but passwords") {
  auto settings = usual();
  settings.checkpassword = "/bin/true";
  settings.scram = Settings::Scram::always;
  settings.oauth_keys = "/keys";
  settings.external = Settings::External::common_name;
  for (const auto& row : pop3::mechanism_table)
    CHECK(offers(settings, from("127.0.0.1", "CN=alice"), row.mechanism) ==
          (row.proof == pop3::Proof::password));
}

TEST_CASE("a domain is asked of the client only where the site adds none") {
  auto settings = usual();
  const auto requires_domain = [&] {
    return plan_session({}, settings, {}).profile.requires_domain;
  };
  CHECK_FALSE(requires_domain());
  settings.require_domain = true;
  CHECK(requires_domain());
  settings.default_domain = "example.org";
  CHECK_FALSE(requires_domain());
}

TEST_CASE("without the setting the host's own name is told") {
  std::string name(256, '\0');
  REQUIRE(gethostname(name.data(), name.size()) == 0);
  CHECK(plan_session({}, usual(), {}).profile.hostname == name.c_str());
}

TEST_CASE("only root has a front account, which must exist") {
  auto settings = usual();
  CHECK(plan_session({}, settings, {}).front_account.has_value() == (geteuid() == 0));
  if (geteuid() != 0)
    return support::skipped("only root has a front account");
  settings.front_account = "no-such-account-here";
  CHECK_THROWS_AS(plan_session({}, settings, {}), std::runtime_error);
}

TEST_CASE("the account of a proxy has to exist where a local socket may be a proxy's") {
  auto settings = usual();
  settings.proxy_account = "no-such-account-here";
  CHECK_FALSE(plan_session({}, settings, {}).proxy_uid);
  settings.proxy = Settings::Proxy::required;
  settings.proxy_networks = *base::Networks::parse("127.0.0.1");
  CHECK_FALSE(plan_session({}, settings, {}).proxy_uid);
  settings.proxy_networks = *base::Networks::parse("127.0.0.1,local");
  CHECK_THROWS_AS(plan_session({}, settings, {}), std::runtime_error);
  settings.proxy_account = "root";
  CHECK(plan_session({}, settings, {}).proxy_uid == 0);
}

TEST_CASE("the account that stands for all unknown ones is no proxy's") {
  auto settings = usual();
  settings.proxy = Settings::Proxy::required;
  settings.proxy_networks = *base::Networks::parse("local");
  settings.proxy_account = "nobody";
  CHECK_THROWS_AS(plan_session({}, settings, {}), std::runtime_error);
}

TEST_CASE("the path of the program is there for a checkpassword program alone") {
  auto settings = usual();
  CHECK(plan_session({}, settings, {}).self.empty());
  settings.checkpassword = "/bin/true";
  const auto self = plan_session({}, settings, {}).self;
  CHECK(self.starts_with('/'));
  CHECK(access(self.c_str(), X_OK) == 0);
}

TEST_CASE("--preauth serves the Maildir of the account that has started us, but not root's") {
  const Scratch scratch;
  chmod(scratch.path().c_str(), 0755);
  CommandLine line;
  line.preauth = scratch.path() + "/.";
  CHECK(support::run_unprivileged([&] {
          const auto plan = plan_session(line, usual(), {});
          return plan.owner && plan.owner->maildir == scratch.path() && !plan.behind_proxy() ? 0
                                                                                             : 1;
        }) == 0);
  CHECK(support::run_unprivileged([&] {
          line.preauth = scratch.path("missing");
          try {
            plan_session(line, usual(), {});
          } catch (const std::system_error&) {
            return 0;
          }
          return 1;
        }) == 0);
  if (getuid() == 0)
    CHECK_THROWS_AS(plan_session(line, usual(), {}), std::runtime_error);
}

TEST_CASE("a PROXY header is awaited where the settings ask for one and a login is needed") {
  auto settings = usual();
  CHECK_FALSE(plan_session({}, settings, {}).behind_proxy());
  settings.proxy = config::Settings::Proxy::required;
  auto plan = plan_session({}, settings, {});
  CHECK(plan.behind_proxy());
  plan.owner.emplace();
  CHECK_FALSE(plan.behind_proxy());
}

TEST_CASE("root makes the directories that are missing, with modes that no umask changes") {
  if (geteuid() != 0)
    return support::skipped("only root makes directories for its sessions");
  const Scratch scratch;
  auto settings = usual();
  settings.runtime_directory = scratch.path("run");
  settings.state_directory = scratch.path("state");
  const auto plan = plan_session({}, settings, {});
  const auto before = umask(077);
  prepare_host(plan);
  prepare_host(plan); // the second time nothing is missing
  umask(before);
  const std::pair<const char*, mode_t> made[] = {
      {"run", 0755}, {"run/empty", 0755}, {"state", 0700}};
  for (const auto& directory : made) {
    struct stat facts {};
    CAPTURE(directory.first);
    REQUIRE(stat(scratch.path(directory.first).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == directory.second);
  }
}
