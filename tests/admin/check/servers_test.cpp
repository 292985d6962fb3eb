// SPDX-License-Identifier: ISC
#include "admin/check/servers.hpp"

#include "check_fixture.hpp"
#include "support/child.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <stdexcept>
#include <unistd.h>

using namespace admin;
using support::CheckFixture;
using support::Found;

namespace {

constexpr uid_t vmail = 54324;

struct ServersFixture : CheckFixture {
  ServersFixture() {
    scratch.write("passwd", "me:x:" + std::to_string(geteuid()) + ":1:::\n" +
                                "vmail:x:54324:54325:::\nother:x:54326:54326:::\n");
    scratch.write("group", "mail:x:54330:\nlog:x:54331:vmail\n");
  }
  Launcher& add(const std::string& account, std::vector<std::string> command = {"/sbin/sodapopd"}) {
    launchers.push_back({Launcher::Kind::systemd, "/x.service", std::move(command), account, {}});
    return launchers.back();
  }
  std::vector<Server> servers() const {
    return servers_of(launchers, context, {"/site.conf", {}}, {});
  }
  Found found_as(const Server& server, const std::function<void(Findings&)>& check) const {
    return found([&](auto& findings) { check_as(server, findings, check); });
  }

  std::vector<Launcher> launchers;
};

} // namespace

TEST_CASE("without a launcher the server is this account's, with the settings of the call") {
  const auto servers = ServersFixture().servers();
  REQUIRE(servers.size() == 1);
  CHECK(servers[0].identity.uid == geteuid());
  CHECK(servers[0].launcher == nullptr);
  CHECK(servers[0].given.file.path == "/site.conf");
}

TEST_CASE("launchers of one account with the same settings start one server") {
  ServersFixture fixture;
  fixture.add("me");
  fixture.add("me");
  CHECK(fixture.servers().size() == 1);
  fixture.add("me", {"/sbin/sodapopd", "--users", "/x"});
  CHECK(fixture.servers().size() == 2);
  fixture.add("me", {"/sbin/sodapopd", "--config", "/x.conf"});
  CHECK(fixture.servers().size() == 3);
}

TEST_CASE("an account that does not exist has no server; a number needs no account") {
  ServersFixture fixture;
  fixture.add("nosuch");
  CHECK(fixture.servers()[0].launcher == nullptr);
  CHECK(account_of(fixture.context, "vmail")->identity.gid == 54325);
  CHECK(account_of(fixture.context, "54324")->identity.uid == vmail);
  CHECK(account_of(fixture.context, "")->identity.uid == 0);
  CHECK_FALSE(account_of(fixture.context, "12x"));
}

TEST_CASE("another account than root checks its own server alone") {
  ServersFixture fixture;
  fixture.add("vmail");
  fixture.add("me");
  CHECK(fixture.servers().size() == (geteuid() == 0 ? 2 : 1));
}

TEST_CASE("a unit names further groups") {
  if (geteuid() != 0)
    return support::skipped("only root can check the server of vmail");
  ServersFixture fixture;
  fixture.add("vmail").service_lines = {{"Group", "mail"}, {"SupplementaryGroups", "log 54340"}};
  const auto servers = fixture.servers();
  CHECK(servers[0].identity.gid == 54330);
  CHECK(servers[0].groups == std::vector<gid_t>{54330, 54331, 54340});
}

TEST_CASE(
    "the check of another account's server has that account's identity and tells what it finds") {
  if (geteuid() != 0)
    return support::skipped("only root can check the server of vmail");
  ServersFixture fixture;
  fixture.add("vmail");
  const auto servers = fixture.servers();
  const auto look = [](Findings& findings) {
    if (getuid() == vmail && geteuid() == vmail && getegid() == 54325)
      findings.warning("is-vmail", "/x", "what", "remedy");
    throw std::runtime_error("it fails");
  };
  CHECK(fixture.found_as(servers[0], look) == Found{"warning is-vmail", "error check-incomplete"});
  CHECK(geteuid() == 0);
}

TEST_CASE("a check whose process is killed has failed, and what it found before is kept") {
  if (geteuid() != 0)
    return support::skipped("only root can check the server of vmail");
  ServersFixture fixture;
  fixture.add("vmail");
  const auto servers = fixture.servers();
  const auto die = [](Findings& findings) {
    findings.warning("before", "/x", "what", "remedy");
    std::cout.flush();
    raise(SIGKILL);
  };
  CHECK(fixture.found([&](auto& findings) {
    findings.attempt("the account", [&] { check_as(servers[0], findings, die); });
  }) == Found{"warning before", "error check-incomplete"});
}
