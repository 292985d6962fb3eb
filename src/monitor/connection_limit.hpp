// SPDX-License-Identifier: ISC
// Decides whether a connection gets a greeting: by what has come from the client's network before,
// and by how many connections it has now. Runs in the monitor.
#pragma once

#include "base/client.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "ipc/answer.hpp"
#include "monitor/guess_guard.hpp"

namespace monitor {

/// The right to one more connection from the network of `client`, as long as the descriptor is
/// open. An empty descriptor where the connection is not counted here: for a client on this host,
/// and for one that no proxy or wrapper has passed on. Logs a refusal and a failure.
base::Result<base::UniqueFd, ipc::Admission> admit(const base::Client& client,
                                                   const config::Settings& settings,
                                                   GuessGuard& guard, const base::Log& log);

} // namespace monitor
