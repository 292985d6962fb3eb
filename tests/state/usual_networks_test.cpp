// SPDX-License-Identifier: ISC
#include "state/usual_networks.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <system_error>

using state::UsualNetworks;

namespace {

constexpr std::int64_t now = 1'800'000'000, day = 86'400;
const auto v4 = *base::Address::parse("192.0.2.7");
const auto v6 = *base::Address::parse("2001:db8:1:2:3::4");

UsualNetworks networks_in(const Scratch& scratch) {
  auto networks = UsualNetworks::open(scratch.path());
  REQUIRE(networks.has_value());
  return std::move(*networks);
}

} // namespace

TEST_CASE("no network is usual without a login from there") {
  const Scratch scratch;
  const auto networks = networks_in(scratch);
  CHECK_FALSE(networks.is_usual("alice", v4, now));
  CHECK_FALSE(networks.is_usual("", v4, now));
  CHECK_FALSE(networks.has_usual(v4, now));
}

TEST_CASE("a login makes its network usual for this user, and one with a usual user") {
  const Scratch scratch;
  auto networks = networks_in(scratch);
  networks.note("alice", v4, now);
  CHECK(networks.is_usual("alice", v4, now));
  CHECK(networks.has_usual(v4, now));
  CHECK_FALSE(networks.is_usual("bob", v4, now));
  CHECK_FALSE(networks.is_usual("", v4, now));
  CHECK_FALSE(networks.is_usual("alice", *base::Address::parse("192.0.2.8"), now));
  CHECK_FALSE(networks.is_usual("alice", v6, now));
  CHECK_FALSE(networks.has_usual(v6, now));
}

TEST_CASE("the network of IPv6 is its /64") {
  const Scratch scratch;
  auto networks = networks_in(scratch);
  networks.note("alice", v6, now);
  CHECK(networks.is_usual("alice", *base::Address::parse("2001:db8:1:2::"), now));
  CHECK_FALSE(networks.is_usual("alice", *base::Address::parse("2001:db8:1:3:3::4"), now));
}

TEST_CASE("a network is usual for thirty days after the last login that was written") {
  const Scratch scratch;
  auto networks = networks_in(scratch);
  networks.note("alice", v4, now);
  CHECK(networks.is_usual("alice", v4, now + 30 * day));
  CHECK_FALSE(networks.is_usual("alice", v4, now + 30 * day + 1));
  CHECK_FALSE(networks.has_usual(v4, now + 30 * day + 1));
  networks.note("alice", v4, now + day);
  CHECK(networks.is_usual("alice", v4, now + 31 * day));
}

TEST_CASE("a second login within a day writes nothing") {
  const Scratch scratch;
  auto networks = networks_in(scratch);
  networks.note("alice", v4, now);
  const auto text = scratch.read("usual-networks");
  networks.note("alice", v4, now + day - 1);
  CHECK(scratch.read("usual-networks") == text);
}

TEST_CASE(
    "a clock that was set back takes no exemption, and one set far ahead gives none for good") {
  const Scratch scratch;
  auto networks = networks_in(scratch);
  networks.note("alice", v4, now);
  CHECK(networks.is_usual("alice", v4, now - 30 * day));
  CHECK_FALSE(networks.is_usual("alice", v4, now - 30 * day - 1));
}

TEST_CASE("networks stay usual when the file is opened again, and only for its owner") {
  const Scratch scratch;
  networks_in(scratch).note("alice", v4, now);
  CHECK(networks_in(scratch).is_usual("alice", v4, now));
  REQUIRE(chmod(scratch.path("usual-networks").c_str(), 0640) == 0);
  CHECK_FALSE(UsualNetworks::open(scratch.path()));
  CHECK_THROWS_AS(UsualNetworks::open(scratch.path("missing")), std::system_error);
}
