// SPDX-License-Identifier: ISC
// Replaces an outdated hash by a better one, after a login with the password. Runs in a child of
// the monitor that may write to the users file, and never in a user's process.
#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"
#include "users/user.hpp"

#include <string>

namespace login {

/// The maximum number of octets of a users file that is rewritten for one hash. A larger file
/// belongs to a site that compiles it; after a change it would not be served from the compiled form
/// any more.
constexpr long long max_renewed_users = 16 << 20;

/// True when a login may change the users file `path`: it has no compiled form, is not too large,
/// and this process may replace it. Otherwise no new hash is worth its cost.
bool can_renew(const std::string& path);

/// Writes `hash`, which a verifier has made, to the line of `user` in place of user.hash, if `hash`
/// is one of Argon2id, not outdated and not too costly, and if the line still has user.hash. A
/// SCRAM verifier that was the old hash, or that is beside it, stays valid. Waits for the child,
/// which ends soon, as it does not wait for an editor. True when the line has `hash` now. A failure
/// does not stop the login. Failure and success are logged.
bool renew_hash(const users::User& user, const std::string& hash, const config::Settings& settings,
                const base::Log& log);

} // namespace login
