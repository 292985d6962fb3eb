// SPDX-License-Identifier: ISC
// What the commands ask of the site's settings.
#pragma once

#include "config/settings.hpp"
#include "passwords/password_hash.hpp"
#include "users/user_store.hpp"

#include <string>

namespace admin {

/// The users file, opened. Throws Failure when it is refused, std::system_error when it cannot be
/// opened.
users::UsersFile open_users(const config::Settings& settings);

/// What a login asks: the compiled users where they are current, the users file where there are
/// none or, with a warning on standard error, where they are outdated. Throws as open_users.
users::UserStore open_store(const config::Settings& settings);

/// Writes `sodapop: FILE:LINE: ...` to standard error for each malformed line.
users::OnBadLine complain(const config::Settings& settings);

/// The user's first well-formed line. Throws Failure when there is none.
users::User find_user(const config::Settings& settings, const std::string& name);

/// Throws Failure, which names the user and what is wrong with the path.
std::string maildir_of(const config::Settings& settings, const users::User& user);

/// What a stored hash may cost.
passwords::Cost ceiling(const config::Settings& settings);

/// Throws Failure unless a user of that name can log in.
void require_valid_name(const std::string& name);

/// Throws Failure for a uid or gid that is never served: 0, and as root also what is below
/// minimum-uid. A server that was not started as root serves its own uid, whatever that is.
void require_servable(const config::Settings& settings, const users::User& user);

} // namespace admin
