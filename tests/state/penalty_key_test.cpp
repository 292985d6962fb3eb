// SPDX-License-Identifier: ISC
#include "state/penalty_key.hpp"

#include <doctest/doctest.h>
#include <ostream>

namespace {

base::Address address(std::string_view text) {
  return *base::Address::parse(text);
}

} // namespace

TEST_CASE("addresses of one network have one key, others have others") {
  CHECK(state::network_key(address("192.0.2.7")) != state::network_key(address("192.0.2.8")));
  CHECK(state::network_key(address("::ffff:192.0.2.7")) ==
        state::network_key(address("192.0.2.7")));
  CHECK(state::wider_keys(address("64:ff9b::192.0.2.7")) ==
        state::wider_keys(address("192.0.2.7")));
  CHECK(state::crash_key(address("64:ff9b::192.0.2.7")) !=
        state::crash_key(address("64:ff9b::192.0.2.8")));
  CHECK(state::network_key(address("2001:db8:1:2:3::4")) ==
        state::network_key(address("2001:db8:1:2::")));
  CHECK(state::network_key(address("2001:db8:1:3::")) !=
        state::network_key(address("2001:db8:1:2::")));
}

TEST_CASE("wider networks are the /24 of IPv4, the /56 and the /48 of IPv6") {
  const auto v4 = state::wider_keys(address("192.0.2.7"));
  REQUIRE(v4.size() == 1);
  CHECK(v4 == state::wider_keys(address("192.0.2.255")));
  CHECK(v4 != state::wider_keys(address("192.0.3.7")));
  const auto v6 = state::wider_keys(address("2001:db8:1:2ff::1"));
  REQUIRE(v6.size() == 2);
  CHECK(v6 == state::wider_keys(address("2001:db8:1:200::")));
  const auto other = state::wider_keys(address("2001:db8:1:300::"));
  CHECK(v6[0] != other[0]);
  CHECK(v6[1] == other[1]);
  CHECK(v6[1] != state::wider_keys(address("2001:db8:2::"))[1]);
}

TEST_CASE("the prefix of a key is that of its kind, and names have none") {
  CHECK(state::prefix_of(state::network_key(address("192.0.2.7"))) == 32u);
  CHECK(state::prefix_of(state::crash_key(address("2001:db8::1"))) == 64u);
  CHECK(state::prefix_of(state::gave_way_key(address("192.0.2.7"))) == 32u);
  CHECK(state::prefix_of(state::gave_way_key(address("2001:db8::1"))) == 48u);
  CHECK(state::prefix_of(state::wider_keys(address("192.0.2.7"))[0]) == 24u);
  CHECK(state::prefix_of(state::wider_keys(address("2001:db8::1"))[0]) == 56u);
  CHECK(state::prefix_of(state::wider_keys(address("2001:db8::1"))[1]) == 48u);
  CHECK_FALSE(state::prefix_of(state::name_key(std::array<std::uint8_t, 16>{1})));
}

TEST_CASE(
    "a name's digest is cut to 16 octets, and counts in pairs and passwords with the network") {
  std::array<std::uint8_t, 32> digest{1};
  const auto cut = state::name_key(digest);
  digest[31] = 1;
  CHECK(state::name_key(digest) == cut);
  digest[15] = 1;
  CHECK(state::name_key(digest) != cut);
  CHECK(state::pair_key(digest, address("192.0.2.7")) !=
        state::pair_key(digest, address("192.0.2.8")));
  CHECK(state::password_key(digest, address("2001:db8::1")) ==
        state::password_key(digest, address("2001:db8::2")));
}

TEST_CASE("each kind has a word") {
  CHECK(name_of(state::PenaltyKind::network) == "network");
  CHECK(name_of(state::PenaltyKind::fresh_name) == "fresh-name");
  CHECK(name_of(state::PenaltyKind::crash) == "crash");
  CHECK(name_of(state::PenaltyKind::gave_way) == "gave-way");
}
