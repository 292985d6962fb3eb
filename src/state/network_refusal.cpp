// SPDX-License-Identifier: ISC
#include "state/network_refusal.hpp"

#include "base/time_of_day.hpp"
#include "state/usual_networks.hpp"

#include <system_error>

namespace state {

namespace {

/// False also when that cannot be read: the loss of the file costs only exemptions.
bool has_usual_user(const base::Address& client, const std::string& state_directory) {
  try {
    const auto usual = UsualNetworks::open(state_directory);
    return usual && usual->has_usual(client, base::seconds_since_1970());
  } catch (const std::system_error&) {
    return false;
  }
}

void charge_once(PenaltyTable& table, const PenaltyKey& key, PenaltyTime now) {
  if (table.wait(key, now) == 0)
    table.charge(key, quarters_a_failure, now);
}

} // namespace

NetworkRefusal refusal_of_network(const PenaltyTable& table, const base::Address& client,
                                  const std::string& state_directory, PenaltyTime now) {
  if (table.wait(crash_key(client), now) > 0)
    return NetworkRefusal::crash;
  const bool has_failed = table.wait(network_key(client), now) > longest_penalty_wait;
  return has_failed && !has_usual_user(client, state_directory) ? NetworkRefusal::failures
                                                                : NetworkRefusal::none;
}

void punish_crash(PenaltyTable& table, const base::Address& client, PenaltyTime now) {
  table.charge(crash_key(client), quarters_a_failure, now);
}

bool has_given_way(const PenaltyTable& table, const base::Address& client, PenaltyTime now) {
  return table.level(gave_way_key(client), now) > 0;
}

bool is_kept_out(const PenaltyTable& table, const base::Address& client,
                 const std::string& state_directory, PenaltyTime now) {
  return table.wait(gave_way_key(client), now) > 0 && !has_usual_user(client, state_directory);
}

void count_giving_way(PenaltyTable& table, const base::Address& client, PenaltyTime now) {
  charge_once(table, gave_way_key(client), now);
}

} // namespace state
