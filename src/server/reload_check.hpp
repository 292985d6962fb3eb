// SPDX-License-Identifier: ISC
// What a new configuration needs to take the place of one that serves users.
#pragma once

#include "config/settings.hpp"

namespace server {

/// Throws std::exception, with a sentence, when no user could log in under `settings`: the users
/// file is missing, refused or without a user, unless a program checks the passwords; this process
/// may not make files in the runtime directory; or, for root, the front's root directory is
/// refused.
void require_servable(const config::Settings& settings);

} // namespace server
