// SPDX-License-Identifier: ISC
// The places of sessions, and the session that gives way where all are taken: clients without a
// login must not keep others out.
#pragma once

#include "listener/admission.hpp"
#include "state/penalty_table.hpp"
#include "state/session_progress.hpp"

#include <string>

namespace listener {

/// The most sessions that have given way and whose processes have not ended yet. They end within
/// milliseconds; processes that hang must not become more and more.
constexpr std::size_t most_ending = 100;

/// Why there is no place for one session more, with is_about_places; nullptr when there is one.
const Refusal* lack_of_places(const SessionTable& sessions, const state::ProgressTable& progress,
                              const config::Settings& settings);

/// Where make_way() looks networks up.
struct NetworkMemory {
  const std::string& state_directory;       ///< Of state::UsualNetworks.
  state::PenaltyTable* penalties = nullptr; ///< Those that had to give way.
};

/// Ends the session that gives way to a new one, by SIGTERM, and gives it; nothing when none gives
/// way. A session that has logged in never does. Of the others those for which the server waits
/// come first, in this order: those whose network had to give way lately; the others; those that
/// are preferred. Then come those whose login is being checked and that are not preferred. Among
/// equals it is the oldest. To a newcomer whose network had to give way lately only the first kind
/// gives way, and the last kind only to a preferred one. While most_ending sessions have not ended
/// yet, no other gives way. `newcomer` tells its source and whether it is preferred. Both it and
/// the sessions become preferred if a user has logged in from their network lately
/// (state::UsualNetworks). Networks are looked up once for each session; where that fails nothing
/// is known of them. Counts against the network of the session that it gave way, unless it is
/// preferred.
std::optional<Session> make_way(SessionTable& sessions, const state::ProgressTable& progress,
                                const NetworkMemory& memory, Session newcomer);

} // namespace listener
