// SPDX-License-Identifier: ISC
// The first acts of a session's process, which the listener has just forked: it becomes what a
// super-server's child is.
#pragma once

#include "base/log.hpp"
#include "server/session.hpp"

#include <sys/socket.h>

namespace server {

/// Runs in the child: the connection becomes descriptors 0 and 1, all others but 2 and the log's
/// are closed, blocked signals are let through, then one session is served as for any
/// super-server. `plan` is changed, as nobody else needs this process's copy. Failures are logged,
/// and the client is told. Never returns.
[[noreturn]] void run_session_process(int connection, const sockaddr_storage& peer,
                                      SessionPlan& plan, base::Log log) noexcept;

} // namespace server
