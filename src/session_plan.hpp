// SPDX-License-Identifier: ISC
// From the command line and the settings to what one session needs to know.
#pragma once

#include "command_line.hpp"
#include "privsep/processes.hpp"

/// What is to be served, and by whom. Throws std::runtime_error when the front's account, or with
/// --preauth the Maildir, cannot be had; std::system_error.
privsep::SessionPlan plan_session(const CommandLine& line, const base::Settings& settings,
                                  const privsep::Connection& connection);

/// As root makes the runtime directories, else gives up what capabilities there may be. Throws
/// std::system_error.
void prepare_host(const privsep::SessionPlan& plan);
