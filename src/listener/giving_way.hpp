// SPDX-License-Identifier: ISC
// The places of sessions, and the session that gives way where all are taken: clients without a
// login must not keep others out.
#pragma once

#include "listener/admission.hpp"
#include "state/session_progress.hpp"

#include <string>

namespace listener {

/// The most sessions that have given way and whose processes have not ended yet. They end within
/// milliseconds; processes that hang must not become more and more.
constexpr std::size_t most_ending = 100;

/// Why there is no place for one session more, with is_about_places; nullptr when there is one.
const Refusal* lack_of_places(const SessionTable& sessions, const state::ProgressTable& progress,
                              const config::Settings& settings);

/// Ends the session that gives way to a new one, by SIGTERM, and gives it; nothing when none gives
/// way. A session that has logged in never does. Of the others those come first for which the
/// server waits and that are not preferred, then preferred ones for which it waits, then, for a
/// preferred client only, those whose login is being checked and that are not preferred. Among
/// equals it is the oldest. While most_ending of them have not ended yet, no other gives way.
/// `newcomer` tells its source and whether it is preferred. Both it and the sessions become
/// preferred if a user has logged in from their network lately (state::UsualNetworks), which is
/// looked up once for each; where that fails they do not.
std::optional<Session> make_way(SessionTable& sessions, const state::ProgressTable& progress,
                                const std::string& state_directory, Session newcomer);

} // namespace listener
