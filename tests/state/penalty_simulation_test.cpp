// SPDX-License-Identifier: ISC
// What guessers get with the rules of the penalties, on a clock of its own. Where the rules make
// two attempts wait for the same key, the real monitor and this simulation do the same.
#include "support/guessing.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>

namespace {

using namespace guessing;

template <class AddressOf>
Outcome guess(unsigned guessers, AddressOf address_of, std::uint32_t names, unsigned minutes,
              base::Address (*address_of_newcomer)(std::uint32_t) = newcomer_address) {
  const Scratch scratch;
  Host host(scratch.path());
  std::vector<Guesser> all;
  for (std::uint32_t i = 0; i < guessers; ++i)
    all.push_back({[i, address_of](std::uint32_t attempt) { return address_of(i, attempt); },
                   [i, names](std::uint32_t attempt) { return (i + attempt) % names; }});
  return simulate(host, all, minutes, 97 * second, address_of_newcomer);
}

base::Address one(std::uint32_t, std::uint32_t) {
  return spread_address(1);
}
base::Address one_64(std::uint32_t, std::uint32_t attempt) {
  auto address = address_in_48(1);
  address.octets[15] = static_cast<std::uint8_t>(attempt);
  return address;
}
base::Address any_64(std::uint32_t guesser, std::uint32_t attempt) {
  return address_in_48(guesser * 1000 + attempt);
}
base::Address any_64_of_a_home(std::uint32_t guesser, std::uint32_t attempt) {
  return address_in_48((guesser * 16 + attempt) % 256);
}
base::Address neighbour_in_48(std::uint32_t number) {
  return address_in_48(256 + number * 256);
}
base::Address spread(std::uint32_t guesser, std::uint32_t) {
  return spread_address(guesser);
}

/// The right user at a new network, who came in the first minute or later.
void check_newcomers(const Outcome& outcome, unsigned most_refused) {
  unsigned refused = 0;
  for (const auto& newcomer : outcome.newcomers) {
    refused += newcomer.refusals;
    CHECK(newcomer.last_wait < 10 * second);
    CHECK((newcomer.login || newcomer.arrival > outcome.newcomers.back().arrival - minute));
  }
  CHECK(refused <= most_refused);
}

} // namespace

TEST_CASE("one address and one /64 get at most 10 guesses in the first minute, and soon none") {
  for (const std::uint32_t names : {1u, 100u})
    for (const auto& from : {one, one_64}) {
      const auto outcome = guess(1, from, names, 180);
      CHECK(outcome.in(0, 1) > 5);
      CHECK(outcome.in(0, 1) <= 10);
      CHECK(outcome.in(1, 180) < 30);
      check_newcomers(outcome, 0);
    }
}

TEST_CASE("one /48 gets at most 30 guesses a minute, however many /64s it uses") {
  for (const std::uint32_t names : {1u, 100u}) {
    const auto outcome = guess(20, any_64, names, 10);
    CHECK(outcome.in(0, 1) > 20);
    for (std::size_t i = 0; i < outcome.guesses.size(); ++i)
      CHECK(outcome.guesses[i] <= 30);
    check_newcomers(outcome, 0);
  }
}

TEST_CASE("a guesser with a whole /56 keeps no neighbour in its /48 out") {
  for (const std::uint32_t names : {1u, 100u}) {
    const auto outcome = guess(20, any_64_of_a_home, names, 60, neighbour_in_48);
    CHECK(outcome.in(0, 1) <= 20);
    CHECK(outcome.in(1, 60) <= 60 * 8);
    check_newcomers(outcome, 0);
  }
}

TEST_CASE("a thousand addresses get at most 300 guesses a minute at one user") {
  const auto outcome = guess(1000, spread, 1, 60);
  for (std::size_t i = 0; i < outcome.guesses.size(); ++i)
    CHECK(outcome.guesses[i] <= 300);
  CHECK(outcome.in(30, 60) / 30 <= 100);
  // What is refused in the first minutes finds a place a minute later.
  check_newcomers(outcome, 3);
}

TEST_CASE("a thousand addresses get a guess each in the first minute, and few for good") {
  const auto outcome = guess(1000, spread, 1000, 60);
  CHECK(outcome.in(0, 1) >= 1000);
  CHECK(outcome.in(0, 1) <= 1100);
  CHECK(outcome.in(1, 60) <= 5000);
  check_newcomers(outcome, 0);
}
