// SPDX-License-Identifier: ISC
// The places that a session takes after a login, before the monitor becomes the user: among the
// sessions of the user, and in the list of sessions.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "monitor/login_attempts.hpp"
#include "pop3/gatekeeper.hpp"
#include "state/session_registry.hpp"

#include <string>

namespace monitor {

/// The right to one more session of `user`; an empty descriptor where there is no limit. Opened
/// after the last fork, while the process may write to the runtime directory; the keeper holds it.
/// A refusal is logged.
base::Result<base::UniqueFd, pop3::Denial::Reason> user_slot(const std::string& user,
                                                             const MonitorContext& context);

/// Without an entry, which is logged, the list of sessions lacks this session. That is no reason to
/// refuse a login.
state::RegisteredSession register_session(const std::string& user, const MonitorContext& context);

} // namespace monitor
