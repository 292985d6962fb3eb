// SPDX-License-Identifier: ISC
// Makes the plan of a session from the command line and the settings.
#pragma once

#include "server/command_line.hpp"
#include "server/session.hpp"

namespace server {

/// The uid of proxy_account, where a proxy may connect by a local socket; nothing elsewhere. Throws
/// std::runtime_error when there is no such account, and for the account with base::overflow_uid.
std::optional<uid_t> find_proxy_uid(const config::Settings& settings);

/// The plan of a session with `client`. Throws std::runtime_error when the front's account, the
/// proxy's or, with --preauth, the Maildir cannot be found; throws std::system_error.
SessionPlan plan_session(const CommandLine& line, const config::Settings& settings,
                         const base::Client& client);

/// Makes `client` the client of the plan, decides whether it is protected, and updates the profile.
/// Behind a proxy that sends a header, what a launcher gives besides the peer is ignored.
void set_client(SessionPlan& plan, const base::Client& client);

/// As root, makes the runtime directory and the front's root where they are missing, and the state
/// directory as well, with access for root only; a failure of the latter is ignored. Otherwise
/// drops all capabilities. Then refuses, but for --preauth, a runtime or state directory that
/// accounts other than root and this one could change, with std::runtime_error. Throws
/// std::system_error.
void prepare_host(const SessionPlan& plan);

/// The counter of lost lines for the log, after prepare_host(). Nothing for --preauth, which has no
/// runtime directory, and where the lines cannot be counted.
base::LostLines lost_lines(const SessionPlan& plan);

} // namespace server
