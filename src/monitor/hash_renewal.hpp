// SPDX-License-Identifier: ISC
// A better hash in the place of an outdated one, once a login has shown the password. Runs in a
// child of the monitor, as who may write to the users file, and never in a user's process.
#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"

#include <string>

namespace monitor {

/// Octets of a users file that is rewritten for one hash; a larger one belongs to a site that
/// compiles it, and would not be served from the compiled form any more.
constexpr long long max_renewed_users = 16 << 20;

/// Puts `hash`, which a verifier has made, into the line of `user`, if that is one of Argon2id,
/// not outdated and not too costly, and the old one is outdated still; a SCRAM verifier that was
/// the old one, or beside it, goes on being good. Waits for
/// the child, which is done soon: it does not wait for an editor. Nobody is kept out by a failure,
/// which is logged, as success is.
void renew_hash(const std::string& user, const std::string& hash, const config::Settings& settings,
                const base::Log& log) noexcept;

} // namespace monitor
