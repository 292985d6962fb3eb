// SPDX-License-Identifier: ISC
// Sessions with the server as it is installed: with the account, the capabilities and the mounts
// that its launcher gives it.
#pragma once

#include "admin/check/servers.hpp"

namespace admin {

/// Starts this program again as the launcher of `server` would start sodapopd, and lets it try
/// sessions. Where systemd runs, it starts the program, with the properties of the unit; elsewhere
/// enter_unit() does the same. Nothing is tried where an error was found before, as that would be
/// found again; nor for a server without a launcher, or for --preauth, which has no login.
void check_installed_session(const CheckContext& context, const Server& server, Findings& findings);

/// What that program does: reads a Trial from standard input, calls try_sessions() and writes the
/// findings to standard output as records. Returns its exit status.
int try_sessions_inside();

} // namespace admin
