// SPDX-License-Identifier: ISC
#include "base/network.hpp"

#include <doctest/doctest.h>
#include <string>

using base::Address;
using base::Network;
using base::Networks;

namespace {

bool holds(std::string_view network, std::string_view address) {
  CAPTURE(network);
  CAPTURE(address);
  const auto parsed = Network::parse(network);
  REQUIRE(parsed);
  return parsed->contains(Address::parse(address).value());
}

bool lets_in(std::string_view networks, std::string_view address) {
  return Networks::parse(networks).value().contains(Address::parse(address));
}

} // namespace

TEST_CASE("an address alone is a network of one") {
  CHECK(holds("192.0.2.1", "192.0.2.1"));
  CHECK_FALSE(holds("192.0.2.1", "192.0.2.2"));
  CHECK(holds("2001:db8::1", "2001:DB8:0::1"));
  CHECK_FALSE(holds("2001:db8::1", "2001:db8::2"));
}

TEST_CASE("a prefix is compared bit by bit, and the bits behind it do not count") {
  CHECK(holds("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  CHECK(holds("192.0.2.77/26", "192.0.2.127"));
  CHECK_FALSE(holds("192.0.2.77/26", "192.0.2.128"));
  CHECK(holds("192.0.2.6/31", "192.0.2.7"));
  CHECK_FALSE(holds("192.0.2.6/31", "192.0.2.5"));
  CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(holds("0.0.0.0/0", "203.0.113.9"));
  CHECK(holds("::/0", "2001:db8::1"));
  CHECK(holds("192.0.2.1/32", "192.0.2.1"));
  CHECK(holds("::1/128", "::1"));
}

TEST_CASE("IPv4 and IPv6 are kept apart, but a mapped IPv4 address is the IPv4 one") {
  CHECK_FALSE(holds("::/0", "192.0.2.1"));
  CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  CHECK(holds("192.0.2.0/24", "::ffff:192.0.2.9"));
  CHECK(holds("::ffff:192.0.2.0/24", "192.0.2.9"));
}

TEST_CASE("addresses have the same network as far as the prefix goes, and no further") {
  const auto network = [](const char* address, unsigned ipv4_bits, unsigned ipv6_bits) {
    return base::network_of(*Address::parse(address), {ipv4_bits, ipv6_bits}).text();
  };
  CHECK(network("192.0.2.7", 32, 64) == "192.0.2.7");
  CHECK(network("192.0.2.7", 30, 64) == "192.0.2.4");
  CHECK(network("2001:db8::f7ff", 32, 117) == "2001:db8::f000");
  CHECK(network("192.0.2.7", 31, 64) == network("192.0.2.6", 31, 64));
  CHECK(network("192.0.2.7", 32, 64) != network("192.0.2.6", 32, 64));
  CHECK(network("192.0.2.128", 25, 64) != network("192.0.2.127", 25, 64));
  CHECK(network("192.0.2.128", 24, 64) == network("192.0.2.127", 24, 64));
  CHECK(network("127.0.0.1", 1, 1) == "0.0.0.0");
  CHECK(network("127.0.0.1", 0, 0) == "0.0.0.0");
  CHECK(network("ffff::1", 0, 0) == "::");
  CHECK(network("2001:db8::1", 0, 128) == "2001:db8::1");
  CHECK(network("2001:db8::1", 32, 64) == network("2001:db8::2", 32, 64));
  CHECK(network("2001:db8::1", 32, 128) != network("2001:db8::2", 32, 128));
  CHECK(network("2001:db8:0:1::1", 32, 64) != network("2001:db8::1", 32, 64));
  CHECK(network("::ffff:192.0.2.7", 32, 1) == network("192.0.2.7", 32, 1));
  CHECK(network("0.0.0.0", 8, 8) != network("::", 8, 8));
}

TEST_CASE("text that is no network is refused") {
  for (const auto* text :
       {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/08", "10.0.0.0/-1",
        "10.0.0.0/+8", "10.0.0.0/8x", "10.0.0/8", "10.0.0.0/8/8", "example.org", "10.0.0.0/ 8",
        " 10.0.0.0", "!10.0.0.0/8", "[::1]", "10.0.0.0/4294967304"}) {
    CAPTURE(text);
    CHECK_FALSE(Network::parse(text));
  }
}

TEST_CASE("a list contains the addresses of each of its networks") {
  CHECK(lets_in("192.0.2.0/24,2001:db8::/32", "192.0.2.1"));
  CHECK(lets_in("192.0.2.0/24,2001:db8::/32", "2001:db8::1"));
  CHECK_FALSE(lets_in("192.0.2.0/24,2001:db8::/32", "198.51.100.1"));
}

TEST_CASE("local stands for a client without an address, and for no other") {
  CHECK(Networks::parse("192.0.2.0/24,local")->contains({}));
  CHECK_FALSE(Networks::parse("0.0.0.0/0")->contains({}));
  CHECK_FALSE(lets_in("local", "127.0.0.1"));
  CHECK_FALSE(Networks::parse("local")->empty());
}

TEST_CASE("a list with a hole or a mistake in it is refused") {
  for (const auto* text : {"", ",", "192.0.2.1,", ",192.0.2.1", "192.0.2.1,,192.0.2.2",
                           "192.0.2.1, 192.0.2.2", "192.0.2.1;192.0.2.2", "Local"}) {
    CAPTURE(text);
    CHECK_FALSE(Networks::parse(text));
  }
}

TEST_CASE("a list of as many networks as there may be is read, one more is refused") {
  std::string text = "10.0.0.0";
  for (std::size_t count = 1; count < Networks::most; ++count)
    text += ",10.0.0." + std::to_string(count);
  CHECK(lets_in(text, "10.0.0." + std::to_string(Networks::most - 1)));
  CHECK_FALSE(Networks::parse(text + ",10.1.0.0"));
}

TEST_CASE("networks overlap when one contains the other") {
  const auto overlap = [](const char* one, const char* other) {
    const bool is_so = Network::parse(one)->overlaps(*Network::parse(other));
    CHECK(is_so == Network::parse(other)->overlaps(*Network::parse(one)));
    return is_so;
  };
  CHECK(overlap("127.0.0.0/8", "127.0.0.1"));
  CHECK(overlap("127.0.0.0/8", "0.0.0.0/0"));
  CHECK(overlap("127.0.0.0/8", "127.0.0.0/8"));
  CHECK(overlap("::1", "::/64"));
  CHECK_FALSE(overlap("127.0.0.0/8", "126.0.0.0/8"));
  CHECK_FALSE(overlap("127.0.0.0/8", "::/0"));
}

TEST_CASE("the free bits of a network are those behind its prefix") {
  CHECK(Network::parse("192.0.2.7")->free_bits() == 0);
  CHECK(Network::parse("192.0.2.0/24")->free_bits() == 8);
  CHECK(Network::parse("0.0.0.0/0")->free_bits() == 32);
  CHECK(Network::parse("2001:db8::7")->free_bits() == 0);
  CHECK(Network::parse("2001:db8::/64")->free_bits() == 64);
}

TEST_CASE("a list keeps its text") {
  CHECK(Networks::parse("local,192.0.2.0/24")->text() == "local,192.0.2.0/24");
}

TEST_CASE("a client of IPv4 counts for its own network, also behind a translator to IPv6") {
  const auto network = [](const char* address) {
    return base::network_of_client(*Address::parse(address), {24, 64}).text();
  };
  for (const auto* same :
       {"192.0.2.7", "::ffff:192.0.2.7", "64:ff9b::192.0.2.7", "64:ff9b::c000:299"})
    CHECK(network(same) == "192.0.2.0");
  CHECK(network("64:ff9b::198.51.100.7") == "198.51.100.0");
  for (const auto* other : {"64:ff9b:0:0:0:1:c000:207", "64:ff9b:1::192.0.2.7", "::192.0.2.7"})
    CHECK(network(other) != "192.0.2.0");
  CHECK(network("2001:db8:1:2:3::4") == "2001:db8:1:2::");
  CHECK_FALSE(holds("192.0.2.0/24", "64:ff9b::192.0.2.7")); // rights are for what is written
}
