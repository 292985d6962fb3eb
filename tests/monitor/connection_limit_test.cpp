// SPDX-License-Identifier: ISC
#include "monitor/connection_limit.hpp"

#include "state/network_refusal.hpp"
#include "support/scratch_maildir.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <ostream>
#include <sys/stat.h>
#include <vector>

using namespace monitor;
using support::ScratchMaildir;

namespace {

config::Settings settings_in(const ScratchMaildir& place, std::uint32_t most) {
  config::Settings settings;
  settings.runtime_directory = settings.state_directory = place.path();
  settings.max_connections_per_source = most;
  return settings;
}

/// A client at that address whom a wrapper on this host has told of.
base::Client told(const char* address) {
  return {.peer = {}, .address = base::Address::parse(address)};
}

auto admitted(const base::Client& client, const config::Settings& settings,
              const base::Log& log = {}) {
  GuessGuard guard(settings, log);
  guard.set_client(client);
  return admit(client, settings, guard, log);
}

auto admitted(const char* address, const config::Settings& settings, const base::Log& log = {}) {
  return admitted(told(address), settings, log);
}

} // namespace

TEST_CASE("a network has as many connections as allowed, others do not count for it") {
  const ScratchMaildir place;
  const auto settings = settings_in(place, 2);
  auto log = base::Log::open(place.path("log"), "t");
  auto one = admitted("192.0.2.7", settings, log);
  const auto two = admitted("192.0.2.7", settings, log);
  CHECK(one.has_value());
  CHECK(two.has_value());
  const auto three = admitted("192.0.2.7", settings, log);
  REQUIRE_FALSE(three.has_value());
  CHECK(three.error() == ipc::Admission::too_many);
  CHECK(place.text("log").find("event=refused reason=max-connections-per-source") !=
        std::string::npos);
  CHECK(admitted("192.0.2.8", settings).has_value());
  *one = base::UniqueFd();
  CHECK(admitted("192.0.2.7", settings).has_value());
}

TEST_CASE("lines about refusals are limited as those about connections are") {
  const ScratchMaildir place;
  const auto settings = settings_in(place, 1);
  const auto log = base::Log::open(place.path("log"), "t");
  const auto one = admitted("192.0.2.7", settings, log);
  constexpr std::size_t refusals = 5 * 50; // in much less than four seconds
  for (std::size_t i = 0; i < refusals; ++i)
    CHECK_FALSE(admitted("192.0.2.7", settings, log).has_value());
  const auto text = place.text("log");
  CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) < refusals);
}

TEST_CASE("a network is as large as the settings say") {
  const ScratchMaildir place;
  auto settings = settings_in(place, 1);
  const auto v6 = admitted("2001:db8::1", settings);
  CHECK(v6.has_value());
  CHECK_FALSE(admitted("2001:db8::2", settings).has_value());
  CHECK(admitted("2001:db8:0:1::1", settings).has_value());
  settings.source_ipv4_prefix = 24;
  const auto v4 = admitted("192.0.2.7", settings);
  CHECK(v4.has_value());
  CHECK_FALSE(admitted("192.0.2.8", settings).has_value());
  CHECK(admitted("192.0.3.7", settings).has_value());
}

TEST_CASE("clients on this host are no network") {
  const ScratchMaildir place;
  const auto settings = settings_in(place, 1);
  for (const auto* address : {"127.0.0.1", "127.0.0.1", "::1", "::1"})
    CHECK(admitted(address, settings).has_value());
}

TEST_CASE("where connections cannot be counted none is let in") {
  const ScratchMaildir place;
  auto log = base::Log::open(place.path("log"), "t");
  REQUIRE(mkdir(place.path("source-slots").c_str(), 0700) == 0);
  const auto refused = admitted("192.0.2.7", settings_in(place, 1), log);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error() == ipc::Admission::failed);
  CHECK(place.text("log").find("event=refused reason=source-slots-failed problem=") !=
        std::string::npos);
}

TEST_CASE("a client that has connected itself is counted by the process that accepted it") {
  const ScratchMaildir place;
  const auto settings = settings_in(place, 1);
  const auto address = base::Address::parse("192.0.2.7");
  for (int i = 0; i < 2; ++i) {
    const auto one = admitted({.peer = address, .address = address}, settings);
    REQUIRE(one.has_value());
    CHECK_FALSE(*one);
  }
}

TEST_CASE("a network that has failed too often is refused, and one with a crash") {
  const ScratchMaildir place;
  const auto settings = settings_in(place, 9);
  auto log = base::Log::open(place.path("log"), "t");
  auto table = state::PenaltyTable::open(place.path());
  REQUIRE(table.has_value());
  const auto now = state::penalty_time();
  table->charge(state::network_key(*base::Address::parse("192.0.2.7")), 32, now);
  state::punish_crash(*table, *base::Address::parse("2001:db8::1"), now);
  CHECK(admitted("192.0.2.7", settings, log).error() == ipc::Admission::penalty);
  CHECK(admitted("2001:db8::2", settings, log).error() == ipc::Admission::crash);
  CHECK(admitted("192.0.2.8", settings, log).has_value());
  CHECK(place.text("log").find("event=refused reason=penalty") != std::string::npos);
  CHECK(place.text("log").find("event=refused reason=crash") != std::string::npos);
}
