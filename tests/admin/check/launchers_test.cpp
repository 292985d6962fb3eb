// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

/// An executable file in the place of sodapopd, and `me`, the account of this process.
struct LaunchersFixture : CheckFixture {
  LaunchersFixture() {
    const auto uid = std::to_string(geteuid());
    scratch.write("passwd", "me:x:" + uid + ":" + uid + ":::\nother:x:54321:54321:::\n");
    program = scratch.write("sodapopd", "", 0755);
  }
  Found of_inetd(const std::string& line) const {
    scratch.write("inetd.conf", line + "\n");
    return found([&](auto& findings) { check_launchers(context, findings); });
  }
  std::string line(const std::string& address, const std::string& account = "me",
                   const std::string& wait = "nowait.6000", const std::string& options = "") const {
    return address + " stream tcp " + wait + " " + account + " " + program + " sodapopd" + options;
  }

  std::string program;
};

} // namespace

TEST_CASE("without launchers there is nothing to find") {
  CHECK(LaunchersFixture().of_inetd("# nothing").empty());
}

TEST_CASE("a launcher on loopback that starts an existing program is in order") {
  const LaunchersFixture fixture;
  CHECK(fixture.of_inetd(fixture.line("127.0.0.1:pop3")).empty());
}

TEST_CASE("a program or an account that does not exist is found") {
  const LaunchersFixture fixture;
  CHECK(fixture.of_inetd(fixture.line("127.0.0.1:pop3", "nosuch")) ==
        Found{"error launcher-account-missing"});
  CHECK(fixture.of_inetd(fixture.line("127.0.0.1:pop3", "54322")) == // a number needs no name
        fixture.of_inetd(fixture.line("127.0.0.1:pop3", "other")));
  boost::filesystem::remove(fixture.program);
  CHECK(fixture.of_inetd(fixture.line("127.0.0.1:pop3")) ==
        Found{"error launcher-program-missing"});
}

TEST_CASE("root checks the servers of all accounts, another account its own") {
  const LaunchersFixture fixture;
  CHECK(fixture.of_inetd(fixture.line("127.0.0.1:pop3", "other")) ==
        (geteuid() == 0 ? Found{} : Found{"warning launcher-account-other"}));
}

TEST_CASE("ports without TLS are found, and more so where sodapopd takes them for protected") {
  const LaunchersFixture fixture;
  CHECK(fixture.of_inetd(fixture.line("pop3")) == Found{"warning launcher-open-port"});
  CHECK(fixture.of_inetd(fixture.line("pop3s")) == Found{"error launcher-no-tls"});
  CHECK(fixture.of_inetd(fixture.line("pop3", "me", "nowait.6000", " --tls wrapped")) ==
        Found{"error launcher-clear-passwords"});
}

TEST_CASE("the rate at which inetd gives up is found") {
  const LaunchersFixture fixture;
  CHECK(fixture.of_inetd(fixture.line("127.0.0.1:pop3", "me", "nowait")) ==
        Found{"warning launcher-rate"});
}
