// SPDX-License-Identifier: ISC
// Serves a session in a process that the listener has just forked, after giving it the state of a
// super-server's child.
#pragma once

#include "base/log.hpp"
#include "server/session.hpp"

namespace server {

/// Runs in the child. Moves the connection to descriptors 0 and 1, closes all others but 2 and the
/// log's, unblocks signals, then serves one session as for any super-server. Changes `plan`, as no
/// other process needs this copy. Failures are logged, and the client is told. Never returns.
[[noreturn]] void run_session_process(int connection, const base::Client& client, SessionPlan& plan,
                                      base::Log log) noexcept;

} // namespace server
