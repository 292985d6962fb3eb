// SPDX-License-Identifier: ISC
// A simulation of guessers against a PenaltyTable, on a clock of its own: what the monitor does
// with the table (monitor/guess_guard), and clients that try as soon as they may.
#pragma once

#include "state/penalty_table.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace guessing {

using state::PenaltyTime;

inline constexpr PenaltyTime second = 1000, minute = 60 * second, hour = 60 * minute;

/// The digest of a name or password in the simulation: its number.
inline state::PenaltyDigest digest_of(std::uint32_t number) {
  state::PenaltyDigest digest{};
  for (unsigned i = 0; i < 4; ++i)
    digest[i] = static_cast<std::uint8_t>(number >> 8 * i);
  return digest;
}

/// An IPv4 address of its own /24.
inline base::Address spread_address(std::uint32_t number) {
  base::Address address = *base::Address::parse("10.0.0.1");
  for (unsigned i = 0; i < 3; ++i)
    address.octets[12 + i] = static_cast<std::uint8_t>(number >> 8 * (2 - i));
  return address;
}

/// An address of the /64 `network` in one /48.
inline base::Address address_in_48(std::uint32_t network) {
  base::Address address = *base::Address::parse("2001:db8:1::1");
  address.octets[6] = static_cast<std::uint8_t>(network >> 8);
  address.octets[7] = static_cast<std::uint8_t>(network);
  return address;
}

/// The attempts of all clients, by the rules of the monitor.
class Host {
 public:
  explicit Host(const std::string& runtime_directory)
      : table_(std::move(*state::PenaltyTable::open(runtime_directory))) {}

  /// When an attempt that comes at `now` is verified; nothing when it is refused. A right one
  /// leaves no charge.
  std::optional<PenaltyTime> attempt(const base::Address& client, std::uint32_t name, bool is_right,
                                     PenaltyTime now) {
    std::vector<state::PenaltyCharge> charges;
    PenaltyTime wait = 0;
    for (const auto& key : keys(client, name, now)) {
      charges.push_back(table_.charge(key, state::quarters_a_failure, now));
      wait = std::max(wait, charges.back().wait);
    }
    const bool is_refused = wait > state::longest_penalty_wait;
    if (is_refused || is_right)
      for (const auto& charge : charges)
        table_.refund(charge);
    if (!is_refused && !is_right)
      table_.count_stranger(state::network_key(client), now);
    if (!is_refused)
      return now + wait;
    // What others have caused costs this network, too, so that guessers do not crowd a queue.
    if (charges.front().wait <= state::longest_penalty_wait)
      table_.charge(state::network_key(client), state::quarters_of_refusal, now);
    return {};
  }
  /// When the network of `client` may try again.
  PenaltyTime due(const base::Address& client, PenaltyTime now) const {
    return now + table_.wait(state::network_key(client), now);
  }

 private:
  std::vector<state::PenaltyKey> keys(const base::Address& client, std::uint32_t name,
                                      PenaltyTime now) const {
    const auto network = state::network_key(client);
    const auto digest = digest_of(name);
    const bool is_fresh = state::is_fresh(table_.level(network, now));
    std::vector keys{network, is_fresh ? state::fresh_name_key(digest) : state::name_key(digest)};
    for (const auto& wider : state::wider_keys(client))
      keys.push_back(wider);
    return keys;
  }

  state::PenaltyTable table_;
};

/// One guesser: tries again as soon as its last attempt is answered and its network is due, and a
/// second after a refusal. Guessers of one network are one, as their attempts pass a turnstile.
struct Guesser {
  std::function<base::Address(std::uint32_t attempt)> address;
  std::function<std::uint32_t(std::uint32_t attempt)> name;
  std::uint32_t attempts = 0;
};

/// The right user at a new network, who tries each minute until the login.
struct Newcomer {
  PenaltyTime arrival;
  std::optional<PenaltyTime> login{};
  PenaltyTime last_wait = 0; ///< Of the attempt that was the login.
  unsigned refusals = 0;
};

struct Outcome {
  std::vector<unsigned> guesses; ///< In each minute.
  std::vector<Newcomer> newcomers;

  unsigned in(std::size_t first, std::size_t last) const {
    unsigned sum = 0;
    for (auto i = first; i < last && i < guesses.size(); ++i)
      sum += guesses[i];
    return sum;
  }
};

/// An address of no guesser.
inline base::Address newcomer_address(std::uint32_t number) {
  auto address = spread_address(number);
  address.octets[12] = 172;
  return address;
}

/// Runs for `minutes`. A newcomer of user 0 comes each `newcomer_every`, from an address of its
/// own.
inline Outcome simulate(Host& host, std::vector<Guesser> guessers, unsigned minutes,
                        PenaltyTime newcomer_every,
                        base::Address (*address_of_newcomer)(std::uint32_t) = newcomer_address) {
  const PenaltyTime start = hour, end = start + minutes * minute;
  Outcome outcome{std::vector<unsigned>(minutes), {}};
  for (auto at = start + second; at < end;
       at += at < start + 3 * minute ? 7 * second : newcomer_every)
    outcome.newcomers.push_back({at});
  using Turn = std::pair<PenaltyTime, std::size_t>; // guessers first, then newcomers
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
  for (std::size_t i = 0; i < guessers.size(); ++i)
    turns.emplace(start, i);
  for (std::size_t i = 0; i < outcome.newcomers.size(); ++i)
    turns.emplace(outcome.newcomers[i].arrival, guessers.size() + i);
  const auto guess = [&](Guesser& guesser, PenaltyTime now) {
    const auto client = guesser.address(guesser.attempts);
    const auto name = guesser.name(guesser.attempts++);
    const auto verified = host.attempt(client, name, false, now);
    if (verified && *verified < end)
      ++outcome.guesses[(*verified - start) / minute];
    const auto next = verified.value_or(now + second);
    return std::max(next + 1, host.due(guesser.address(guesser.attempts), next));
  };
  const auto come = [&](Newcomer& newcomer, std::size_t number, PenaltyTime now) {
    const auto address = address_of_newcomer(static_cast<std::uint32_t>(number));
    newcomer.login = host.attempt(address, 0, true, now);
    newcomer.last_wait = newcomer.login.value_or(now) - now;
    newcomer.refusals += newcomer.login ? 0 : 1;
    return newcomer.login ? end : now + minute;
  };
  while (!turns.empty() && turns.top().first < end) {
    const auto [now, turn] = turns.top();
    turns.pop();
    const auto number = turn - guessers.size();
    turns.emplace(turn < guessers.size() ? guess(guessers[turn], now)
                                         : come(outcome.newcomers[number], number, now),
                  turn);
  }
  return outcome;
}

} // namespace guessing
