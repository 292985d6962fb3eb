// SPDX-License-Identifier: ISC
#include "server/session_plan.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <stdexcept>
#include <unistd.h>

using namespace server;

namespace {

/// The default settings with a front account that every host has.
config::Settings usual() {
  config::Settings settings;
  settings.front_account = "nobody";
  return settings;
}

Connection from(const char* address) {
  Connection connection;
  connection.peer = connection.client = base::Address::parse(address);
  return connection;
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
  line.preauthenticated = true;
  line.maildir = scratch.path() + "/.";
  CHECK(support::run_unprivileged([&] {
          const auto plan = plan_session(line, usual(), {});
          return plan.owner && plan.owner->maildir == scratch.path() && !plan.behind_proxy() ? 0
                                                                                             : 1;
        }) == 0);
  CHECK(support::run_unprivileged([&] {
          line.maildir = scratch.path("missing");
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

TEST_CASE("the front's root is a setting, else a directory below the runtime directory") {
  SessionPlan plan;
  CHECK(plan.chroot() == "/run/sodapop/empty");
  plan.settings.chroot = "/var/empty";
  CHECK(plan.chroot() == "/var/empty");
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
  for (const auto& [name, mode] : made) {
    struct stat facts {};
    CAPTURE(name);
    REQUIRE(stat(scratch.path(name).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == mode);
  }
}
