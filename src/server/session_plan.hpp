// SPDX-License-Identifier: ISC
// Makes the plan of a session from the command line and the settings.
#pragma once

#include "server/command_line.hpp"
#include "server/session.hpp"

namespace server {

/// The plan of a session on `connection`. Throws std::runtime_error when the front's account or,
/// with --preauth, the Maildir cannot be found; throws std::system_error.
SessionPlan plan_session(const CommandLine& line, const config::Settings& settings,
                         const Connection& connection);

/// As root, makes the runtime directories; otherwise drops all capabilities. Throws
/// std::system_error.
void prepare_host(const SessionPlan& plan);

} // namespace server
