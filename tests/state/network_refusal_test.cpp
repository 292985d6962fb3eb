// SPDX-License-Identifier: ISC
#include "state/network_refusal.hpp"

#include "base/time_of_day.hpp"
#include "state/usual_networks.hpp"
#include "support/scratch_dir.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace state;

namespace {

constexpr PenaltyTime start = 1'000'000;

struct RefusalScene {
  support::ScratchDir place;
  PenaltyTable table = std::move(*PenaltyTable::open(place.path()));
  base::Address client = *base::Address::parse("2001:db8::1");
  base::Address neighbour = *base::Address::parse("2001:db8::2:1");
  base::Address other = *base::Address::parse("2001:db8:0:1::1");

  NetworkRefusal refusal(const base::Address& address, PenaltyTime now = start) const {
    return refusal_of_network(table, address, place.path(), now);
  }
};

} // namespace

TEST_CASE("a network is refused as long as an attempt from there would wait too long") {
  RefusalScene scene;
  const auto key = network_key(scene.client);
  while (scene.table.wait(key, start) <= longest_penalty_wait) {
    CHECK(scene.refusal(scene.client) == NetworkRefusal::none);
    scene.table.charge(key, quarters_a_failure, start);
  }
  CHECK(scene.refusal(scene.client) == NetworkRefusal::failures);
  CHECK(scene.refusal(scene.neighbour) == NetworkRefusal::failures);
  CHECK(scene.refusal(scene.other) == NetworkRefusal::none);
  const auto due = start + scene.table.wait(key, start) - longest_penalty_wait;
  CHECK(scene.refusal(scene.client, due - penalty_tick) == NetworkRefusal::failures);
  CHECK(scene.refusal(scene.client, due) == NetworkRefusal::none);
}

TEST_CASE("a network with a usual user is not refused for failures, but for a crash") {
  RefusalScene scene;
  scene.table.charge(network_key(scene.client), 40 * quarters_a_failure, start);
  REQUIRE(scene.refusal(scene.client) == NetworkRefusal::failures);
  UsualNetworks::open(scene.place.path())
      ->note("alice", scene.neighbour, base::seconds_since_1970());
  CHECK(scene.refusal(scene.client) == NetworkRefusal::none);
  punish_crash(scene.table, scene.client, start);
  CHECK(scene.refusal(scene.client) == NetworkRefusal::crash);
  CHECK(scene.refusal(scene.other) == NetworkRefusal::none);
}

TEST_CASE("each crash counts more than the last, also of sessions that crash at once") {
  const auto key = crash_key(RefusalScene().client);
  for (const bool are_at_once : {false, true}) {
    RefusalScene scene;
    punish_crash(scene.table, scene.client, start);
    const auto wait = scene.table.wait(key, start);
    CHECK(wait == 60'000);
    const auto next = start + (are_at_once ? 0 : wait);
    punish_crash(scene.table, scene.client, next);
    CHECK(scene.table.wait(key, start) == 3 * wait);
  }
}

TEST_CASE("without the file of usual networks there is no exemption") {
  RefusalScene scene;
  scene.table.charge(network_key(scene.client), 40 * quarters_a_failure, start);
  CHECK(refusal_of_network(scene.table, scene.client, scene.place.path("missing"), start) ==
        NetworkRefusal::failures);
}

TEST_CASE(
    "a network that had to give way is kept out, longer each time, and remembered after that") {
  RefusalScene scene;
  const auto is_kept_out = [&](const base::Address& address, PenaltyTime now) {
    return state::is_kept_out(scene.table, address, scene.place.path(), now);
  };
  CHECK_FALSE(is_kept_out(scene.client, start));
  CHECK_FALSE(has_given_way(scene.table, scene.client, start));
  count_giving_way(scene.table, scene.client, start);
  count_giving_way(scene.table, scene.neighbour, start + 1);
  constexpr PenaltyTime rest = 8'000;
  CHECK(is_kept_out(scene.client, start + rest - penalty_tick));
  CHECK(is_kept_out(scene.other, start)); // of the same /48
  CHECK_FALSE(is_kept_out(*base::Address::parse("2001:db8:1::1"), start));
  CHECK_FALSE(is_kept_out(scene.client, start + rest));
  CHECK(has_given_way(scene.table, scene.client, start + rest));
  CHECK_FALSE(has_given_way(scene.table, scene.client, start + rest + 600'000));
  count_giving_way(scene.table, scene.client, start + rest);
  CHECK(is_kept_out(scene.client, start + 3 * rest - penalty_tick));
  CHECK_FALSE(is_kept_out(scene.client, start + 3 * rest));
}

TEST_CASE("a network with a usual user is not kept out for having given way") {
  RefusalScene scene;
  count_giving_way(scene.table, scene.client, start);
  UsualNetworks::open(scene.place.path())->note("alice", scene.client, base::seconds_since_1970());
  CHECK_FALSE(is_kept_out(scene.table, scene.client, scene.place.path(), start));
  CHECK(is_kept_out(scene.table, scene.other, scene.place.path(), start));
}
