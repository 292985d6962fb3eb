// SPDX-License-Identifier: ISC
// From the command line and the settings to what one session needs to know.
#pragma once

#include "server/command_line.hpp"
#include "server/session.hpp"

namespace server {

/// What is to be served, and by whom. Throws std::runtime_error when the front's account, or with
/// --preauth the Maildir, cannot be had; std::system_error.
SessionPlan plan_session(const CommandLine& line, const config::Settings& settings,
                         const Connection& connection);

/// As root makes the runtime directories, else gives up what capabilities there may be. Throws
/// std::system_error.
void prepare_host(const SessionPlan& plan);

} // namespace server
