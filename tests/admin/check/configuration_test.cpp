// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

Found of_settings(const CheckFixture& fixture) {
  return fixture.found([&](auto& findings) { check_settings(fixture.context, findings); });
}

/// The findings about a configuration file with that text and mode.
Found of_file(const std::string& text, mode_t mode = 0644) {
  CheckFixture fixture;
  const config::ConfigurationFile file{fixture.scratch.write("sodapop.conf", text, mode), {}};
  return fixture.found(
      [&](auto& findings) { check_configuration(file, fixture.context, findings); });
}

} // namespace

TEST_CASE("the default settings are in order") {
  CHECK(of_settings(CheckFixture()).empty());
}

TEST_CASE("settings that contradict each other or weaken the site are found") {
  const std::pair<void (*)(config::Settings&), const char*> mistakes[] = {
      {[](auto& s) { s.proxy = config::Settings::Proxy::required; }, "error settings-contradict"},
      {[](auto& s) { s.maildir = "mail/%u"; }, "error maildir-template"},
      {[](auto& s) { s.failure_delay = 0; }, "warning failure-delay-none"},
      {[](auto& s) { s.login_limit = s.failure_delay * s.attempts; }, "warning login-limit-short"},
      {[](auto& s) { s.idle_limit = 599; }, "warning idle-limit-short"},
      {[](auto& s) { s.max_connections_per_source = s.max_connections + 1; },
       "warning limits-contradict"},
      {[](auto& s) { s.hash_slots = s.hash_memory_limit = 1u << 20; },
       "warning hash-memory-exceeds-host"},
      {[](auto& s) { s.trusted_networks = *base::Networks::parse("10.0.0.0/8,0.0.0.0/0"); },
       "warning trusted-networks-open"},
      {[](auto& s) { s.trusted_networks = *base::Networks::parse("::/0,local"); },
       "warning trusted-networks-open"},
  };
  for (const auto& [make, id] : mistakes) {
    CheckFixture fixture;
    make(fixture.context.settings);
    CHECK(of_settings(fixture) == Found{id});
  }
}

TEST_CASE("limits at their edge are in order") {
  CheckFixture fixture;
  auto& settings = fixture.context.settings;
  settings.login_limit = settings.failure_delay * settings.attempts + 1;
  settings.idle_limit = 600;
  settings.max_connections_per_source = settings.max_connections;
  settings.trusted_networks = *base::Networks::parse("0.0.0.0/1,::/1,::/96,local");
  CHECK(of_settings(fixture).empty());
}

TEST_CASE("each line with a mistake is a finding, and the other lines count") {
  CHECK(of_file("# fine\nidle-limit = 700\n").empty());
  CHECK(of_file("no-such-key = 1\nidle-limit = x\n") ==
        Found{"error configuration-mistake", "error configuration-mistake"});
}

TEST_CASE("a configuration that others may write, or that is missing, is an error") {
  CHECK(of_file("", 0664) == Found{"error configuration-writable"});
  CHECK(of_file("", 0646) == Found{"error configuration-writable"});
  CheckFixture fixture;
  const config::ConfigurationFile missing{fixture.scratch.path("missing"), {}};
  CHECK(fixture.found([&](auto& findings) {
    check_configuration(missing, fixture.context, findings);
  }) == Found{"error configuration-unreadable"});
}

TEST_CASE("without a configuration file there is nothing to find") {
  CheckFixture fixture;
  CHECK(fixture.found([&](auto& findings) { check_configuration({}, fixture.context, findings); })
            .empty());
}
