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
  const auto key = crash_key(client);
  if (table.wait(key, now) == 0)
    table.charge(key, quarters_a_failure, now);
}

} // namespace state
