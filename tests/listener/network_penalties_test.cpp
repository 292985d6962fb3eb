// SPDX-License-Identifier: ISC
#include "listener/network_penalties.hpp"

#include "state/network_refusal.hpp"
#include "support/scratch_dir.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using listener::NetworkPenalties;

namespace {

std::optional<base::Address> at(const char* text) {
  return base::Address::parse(text);
}

struct PenaltyScene {
  support::ScratchDir place;
  config::Settings settings;
  NetworkPenalties penalties;

  PenaltyScene() { settings.runtime_directory = settings.state_directory = place.path(); }

  std::string_view reason(const std::optional<base::Address>& source) {
    const auto* refusal = penalties.refusal_for(source, settings);
    return refusal == nullptr ? "" : refusal->reason;
  }
};

} // namespace

TEST_CASE("a network is refused after a crash, others are not, and clients on this host never") {
  PenaltyScene scene;
  scene.penalties.punish(at("192.0.2.7"), scene.settings);
  scene.penalties.punish({}, scene.settings);
  CHECK(scene.reason(at("192.0.2.7")) == "crash");
  CHECK(scene.reason(at("192.0.2.8")).empty());
  CHECK(scene.reason({}).empty());
}

TEST_CASE("another listener refuses the same networks, as after a restart") {
  PenaltyScene scene;
  scene.penalties.punish(at("192.0.2.7"), scene.settings);
  CHECK(NetworkPenalties().refusal_for(at("192.0.2.7"), scene.settings) != nullptr);
}

TEST_CASE("a network is refused for what its sessions have counted") {
  PenaltyScene scene;
  CHECK(scene.reason(at("192.0.2.7")).empty());
  auto table = state::PenaltyTable::open(scene.place.path());
  for (int i = 0; i < 20; ++i)
    table->charge(state::network_key(*at("192.0.2.7")), state::quarters_a_failure,
                  state::penalty_time());
  CHECK(scene.reason(at("192.0.2.7")) == "penalty");
}

TEST_CASE("a network that had to give way is refused, unless the site trusts it") {
  PenaltyScene scene;
  auto* table = scene.penalties.table(scene.place.path());
  REQUIRE(table != nullptr);
  state::count_giving_way(*table, *at("192.0.2.7"), state::penalty_time());
  CHECK(scene.reason(at("192.0.2.7")) == "gave-way");
  CHECK(scene.reason(at("192.0.2.8")).empty());
  scene.settings.trusted_networks = *base::Networks::parse("192.0.2.0/24");
  CHECK(scene.reason(at("192.0.2.7")).empty());
}

TEST_CASE("a table that was removed is opened again, and without one no network is refused") {
  PenaltyScene scene;
  scene.penalties.punish(at("192.0.2.7"), scene.settings);
  REQUIRE(unlink(scene.place.path("penalties").c_str()) == 0);
  CHECK(scene.reason(at("192.0.2.7")).empty());
  scene.penalties.punish(at("192.0.2.7"), scene.settings);
  CHECK(scene.reason(at("192.0.2.7")) == "crash");
  scene.settings.runtime_directory = scene.place.path("missing");
  CHECK(scene.reason(at("192.0.2.7")).empty());
}
