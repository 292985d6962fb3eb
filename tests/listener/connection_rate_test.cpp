// SPDX-License-Identifier: ISC
#include "listener/connection_rate.hpp"

#include <doctest/doctest.h>
#include <memory>

using listener::ConnectionRate;
using namespace std::chrono_literals;

namespace {

const auto begin = ConnectionRate::Clock::time_point() + 24h;

base::Address address(std::size_t number) {
  auto one = base::Address::parse("2001:db8::").value();
  one.octets[4] = static_cast<std::uint8_t>(number >> 8);
  one.octets[5] = static_cast<std::uint8_t>(number);
  return one;
}

/// How many connections the network may open at `now`, which it does.
unsigned opened(ConnectionRate& rate, const base::Address& network, unsigned burst,
                ConnectionRate::Clock::time_point now) {
  unsigned count = 0;
  for (; count < 100'000 && rate.permits(network, burst, now); ++count)
    rate.note(network, burst, now);
  return count;
}

} // namespace

TEST_CASE("a network may open as many connections as its bucket holds, then one each interval") {
  ConnectionRate rate;
  const auto one = address(1);
  CHECK(opened(rate, one, 50, begin) == 50);
  CHECK(opened(rate, one, 50, begin + 99ms) == 0);
  CHECK(opened(rate, one, 50, begin + 100ms) == 1);
  CHECK(opened(rate, one, 50, begin + 199ms) == 0);
  CHECK(opened(rate, one, 50, begin + 1100ms) == 10);
  CHECK(opened(rate, one, 50, begin + 1h) == 50);
}

TEST_CASE("in an hour a network opens the bucket and what runs in") {
  ConnectionRate rate;
  unsigned count = 0;
  for (auto now = begin; now < begin + 1h; now += 10ms)
    count += opened(rate, address(1), 50, now);
  CHECK(count == 50 + 3600 * 10 - 1); // the last one comes at the end of the hour
}

TEST_CASE("a larger bucket fills in the same time, a smaller one has least_burst") {
  ConnectionRate rate;
  CHECK(opened(rate, address(1), 1000, begin) == 1000);
  CHECK(opened(rate, address(1), 1000, begin + 1s) == 200);
  CHECK(opened(rate, address(2), 1, begin) == ConnectionRate::least_burst);
}

TEST_CASE("networks have buckets of their own") {
  ConnectionRate rate;
  CHECK(opened(rate, address(1), 50, begin) == 50);
  CHECK(opened(rate, address(2), 50, begin) == 50);
  CHECK(opened(rate, base::Address::parse("192.0.2.7").value(), 50, begin) == 50);
}

TEST_CASE("of too many networks the one with the fullest bucket gives way") {
  const auto rate = std::make_unique<ConnectionRate>();
  for (std::size_t i = 0; i < ConnectionRate::places; ++i)
    CHECK(opened(*rate, address(i), 50, begin + std::chrono::milliseconds(i == 7 ? 0 : 1)) == 50);
  rate->note(address(ConnectionRate::places), 50, begin + 2ms);
  CHECK(rate->permits(address(7), 50, begin + 2ms));
  for (std::size_t i = 0; i < ConnectionRate::places; ++i)
    CHECK(rate->permits(address(i), 50, begin + 2ms) == (i == 7));
}

TEST_CASE("the memory does not grow with the networks") {
  CHECK(sizeof(ConnectionRate) == ConnectionRate::places * 24);
}
