// SPDX-License-Identifier: ISC
#include "admin/check/launcher_settings.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace admin;

namespace {

LauncherSettings of(const std::vector<std::string>& options,
                    const config::ConfigurationFile& fallback = {"/site.conf", {}},
                    const config::Settings& given = {}) {
  Launcher launcher{Launcher::Kind::inetd, "/etc/inetd.conf:1", {"/sbin/sodapopd"}, "", {}};
  launcher.command.insert(launcher.command.end(), options.begin(), options.end());
  return settings_of(launcher, fallback, given);
}

} // namespace

TEST_CASE("a launcher without options starts sodapopd with the fallback's file and the defaults") {
  const auto all = of({});
  CHECK(all.file.path == "/site.conf");
  CHECK(all.file.fixed.empty());
  CHECK(all.mistakes.empty());
}

TEST_CASE(
    "settings stand in the next word or behind an equals sign, and the file cannot change them") {
  const auto all =
      of({"--users", "/x/users", "--maildir=/mail/%u", "--config", "/x/conf", "--tls", "wrapped"});
  CHECK(all.settings.users == "/x/users");
  CHECK(all.settings.maildir == "/mail/%u");
  CHECK(all.settings.tls == config::Settings::Tls::wrapped);
  CHECK(all.file.path == "/x/conf");
  CHECK(all.file.fixed == std::vector<std::string>{"users", "maildir", "tls"});
}

TEST_CASE("places to listen are kept, and options that are no settings are known") {
  const auto all = of({"--listen", "0.0.0.0:110", "--listen=[::]:110", "--preauth"});
  CHECK(all.listen == std::vector<std::string>{"0.0.0.0:110", "[::]:110"});
  CHECK(all.mistakes.empty());
}

TEST_CASE("what sodapopd would refuse is a mistake, and the other options hold") {
  const auto all = of({"--colour", "blue", "--tls", "wraped", "word", "--users=/x", "--attempts"});
  REQUIRE(all.mistakes.size() == 4);
  CHECK(all.mistakes[0] == "unknown option --colour");
  CHECK(all.mistakes[1].starts_with("--tls: "));
  CHECK(all.mistakes[2] == "unexpected word 'word'");
  CHECK(all.mistakes[3] == "--attempts needs a value");
  CHECK(all.settings.users == "/x");
}

TEST_CASE("an option of the check goes before the launcher's") {
  config::Settings given;
  given.users = "/given";
  const auto all = of({"--users=/launcher", "--maildir=/m"}, {"/site.conf", {"users"}}, given);
  CHECK(all.settings.users == "/given");
  CHECK(all.settings.maildir == "/m");
}

TEST_CASE("an option may be cut short where one alone begins so, and --preauth may have a word") {
  const auto all = of({"--conf", "/x", "--state-dir=/s", "--preauth", "/mail", "--s", "x"});
  CHECK(all.file.path == "/x");
  CHECK(all.settings.state_directory == "/s");
  CHECK(all.mistakes == std::vector<std::string>{"unknown option --s"});
}

TEST_CASE(
    "the file's settings hold behind those of the command, and a missing file changes nothing") {
  const Scratch scratch;
  const auto file = scratch.write("conf", "tls = wrapped\nusers = /file\nnonsense\n");
  const auto settings = effective_settings(of({"--users", "/x", "--config", file}));
  CHECK(settings.tls == config::Settings::Tls::wrapped);
  CHECK(settings.users == "/x");
  CHECK(effective_settings(of({"--config", scratch.path("missing")})).users ==
        "/etc/sodapop/users");
}
