// SPDX-License-Identifier: ISC
// Prints what guessers get with the rules of state/penalty_rules, and how long the right user at a
// new network waits meanwhile: the table in sodapop-design(7), LIMITS. It is a simulation on a
// clock of its own. The argument is the number of hours, by default 6.
#include "support/guessing.hpp"
#include "support/scratch.hpp"

#include <cstdio>

namespace {

struct Attack {
  const char* from;
  std::size_t guessers;
  std::function<base::Address(std::size_t guesser, std::uint32_t attempt)> address;
};

/// `names` is 1, or the number of users that the guessers try one after the other.
void print_row(const Attack& attack, std::uint32_t names, unsigned minutes) {
  const Scratch scratch;
  guessing::Host host(scratch.path());
  std::vector<guessing::Guesser> guessers;
  for (std::size_t i = 0; i < attack.guessers; ++i)
    guessers.push_back({[&attack, i](std::uint32_t attempt) { return attack.address(i, attempt); },
                        [names, i](std::uint32_t attempt) {
                          return static_cast<std::uint32_t>(i * 7 + attempt) % names;
                        }});
  const auto outcome = guessing::simulate(host, guessers, minutes, 97 * guessing::second);
  std::vector<double> waits;
  unsigned refused = 0, late = 0;
  for (const auto& newcomer : outcome.newcomers) {
    if (newcomer.login)
      waits.push_back(static_cast<double>(newcomer.last_wait) / 1000);
    refused += newcomer.refusals > 0 ? 1 : 0;
    late += newcomer.refusals > 1 || !newcomer.login ? 1 : 0;
  }
  std::ranges::sort(waits);
  std::printf("%-18s %5u  %6u %8u %7u   %5.1f %5.1f  %4zu %4u %3u\n", attack.from, names,
              outcome.guesses[0], outcome.in(0, 60), outcome.in(minutes - 60, minutes),
              waits[waits.size() / 2], waits.back(), outcome.newcomers.size(), refused, late);
  std::fflush(stdout);
}

} // namespace

int main(int count, char** arguments) {
  const unsigned hours = count > 1 ? static_cast<unsigned>(std::atoi(arguments[1])) : 6;
  std::printf(
      "                              guesses in the          newcomers: seconds, all, refused\n"
      "from               users  1st min 1st hour last h.  median  most    once, more\n");
  const auto one = [](std::size_t, std::uint32_t) { return guessing::spread_address(1); };
  const auto same_64 = [](std::size_t, std::uint32_t) { return guessing::address_in_48(1); };
  const auto any_64 = [](std::size_t guesser, std::uint32_t attempt) {
    return guessing::address_in_48(static_cast<std::uint32_t>(guesser * 1000 + attempt));
  };
  const auto home = [](std::size_t guesser, std::uint32_t attempt) {
    return guessing::address_in_48(static_cast<std::uint32_t>(guesser * 16 + attempt) % 256);
  };
  const auto spread = [](std::size_t guesser, std::uint32_t) {
    return guessing::spread_address(static_cast<std::uint32_t>(guesser));
  };
  const auto one_24 = [](std::size_t guesser, std::uint32_t) {
    auto address = guessing::spread_address(1);
    address.octets[15] = static_cast<std::uint8_t>(guesser);
    return address;
  };
  const Attack attacks[] = {{"one IPv4 address", 1, one},
                            {"one /64", 1, same_64},
                            {"one /56", 16, home},
                            {"one /48", 64, any_64},
                            {"one /24", 256, one_24},
                            {"1,000 addresses", 1000, spread},
                            {"10,000 addresses", 10'000, spread}};
  for (const auto& attack : attacks)
    for (const std::uint32_t names : {1u, 1000u})
      print_row(attack, names, hours * 60);
}
