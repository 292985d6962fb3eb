// SPDX-License-Identifier: ISC
// Whether a network is refused before the greeting, for what has come from it before.
#pragma once

#include "base/address.hpp"
#include "state/penalty_table.hpp"

#include <cstdint>
#include <string>

namespace state {

enum class NetworkRefusal : std::uint8_t {
  none,
  crash,   ///< A process of one of its sessions has crashed.
  failures ///< An attempt from there would have to wait for more than longest_penalty_wait.
};

/// Why the network of `client`, which is on another host, is refused now. A network from which some
/// user has logged in lately is not refused for failures: that user must not be locked out, and
/// the name of each attempt decides.
NetworkRefusal refusal_of_network(const PenaltyTable& table, const base::Address& client,
                                  const std::string& state_directory, PenaltyTime now);

/// Refuses the network of `client` because a process of one of its sessions has crashed. To be
/// called once for each crash: several sessions at once must not be one guess.
void punish_crash(PenaltyTable& table, const base::Address& client, PenaltyTime now);

/// Whether a connection of the network of `client`, which is on another host, had to give way
/// lately.
bool has_given_way(const PenaltyTable& table, const base::Address& client, PenaltyTime now);

/// True when that network is refused after it. A network from which some user has logged in lately
/// is not refused.
bool is_kept_out(const PenaltyTable& table, const base::Address& client,
                 const std::string& state_directory, PenaltyTime now);

/// Counts that a connection of the network of `client` had to give way, once for those that do so
/// while the network is refused.
void count_giving_way(PenaltyTable& table, const base::Address& client, PenaltyTime now);

} // namespace state
