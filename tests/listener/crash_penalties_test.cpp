// SPDX-License-Identifier: ISC
#include "listener/crash_penalties.hpp"

#include <doctest/doctest.h>

using listener::CrashPenalties;
using namespace std::chrono_literals;

namespace {

const auto start = CrashPenalties::Clock::now();

base::Address network(std::size_t number) {
  base::Address one;
  one.octets[14] = static_cast<std::uint8_t>(number / 256);
  one.octets[15] = static_cast<std::uint8_t>(number % 256);
  return one;
}

} // namespace

TEST_CASE("a network is refused for its time, and no other network is") {
  CrashPenalties penalties;
  CHECK_FALSE(penalties.has(network(1), start));
  penalties.add(network(1), start);
  CHECK(penalties.has(network(1), start));
  CHECK(penalties.has(network(1), start + CrashPenalties::duration - 1ns));
  CHECK_FALSE(penalties.has(network(1), start + CrashPenalties::duration));
  CHECK_FALSE(penalties.has(network(2), start));
}

TEST_CASE("a second crash begins the time anew") {
  CrashPenalties penalties;
  penalties.add(network(1), start);
  penalties.add(network(1), start + 10s);
  CHECK(penalties.has(network(1), start + 10s + CrashPenalties::duration - 1ns));
  CHECK_FALSE(penalties.has(network(1), start + 10s + CrashPenalties::duration));
}

TEST_CASE("of more networks than places, the ones that crashed first are let in again") {
  CrashPenalties penalties;
  for (std::size_t i = 1; i <= CrashPenalties::places; ++i)
    penalties.add(network(i), start + std::chrono::nanoseconds(i));
  for (std::size_t i = 1; i <= CrashPenalties::places; ++i)
    CHECK(penalties.has(network(i), start + 1s));
  penalties.add(network(1000), start + 1s);
  CHECK(penalties.has(network(1000), start + 1s));
  CHECK_FALSE(penalties.has(network(1), start + 1s));
  CHECK(penalties.has(network(2), start + 1s));
}
