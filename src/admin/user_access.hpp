// SPDX-License-Identifier: ISC
// Opens the users file of the site, and checks users against the site's settings.
#pragma once

#include "config/settings.hpp"
#include "passwords/password_hash.hpp"
#include "users/location.hpp"
#include "users/user_store.hpp"
#include "users/users_editor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace admin {

/// Opens the users file. Throws Failure when it is refused, std::system_error when it cannot be
/// opened.
users::UsersFile open_users(const config::Settings& settings);

/// Opens the file that a login reads: the compiled users if they are current; the users file if
/// there are none or, with a warning on standard error, if they are outdated. Throws as open_users.
users::UserStore open_store(const config::Settings& settings);

/// Writes `sodapop: FILE:LINE: ...` to standard error for each malformed line.
users::OnBadLine complain(const config::Settings& settings);

/// The user's first well-formed line. Throws Failure when there is none.
users::User find_user(const config::Settings& settings, const std::string& name);

/// Calls `visit` for each user, in the order of the file.
void for_each_user(const config::Settings& settings,
                   const std::function<void(const users::User&)>& visit);

/// Changes the user's line by `change`, which returns false when there is none: Failure is thrown
/// then, as the line was removed after it was found. Throws users::EditRefused.
void change_user(const config::Settings& settings, const std::string& name,
                 const std::function<bool(users::UsersEditor&)>& change);

/// Says on standard error when the compiled users are outdated, or refused.
void tell_if_outdated(const config::Settings& settings);

/// Replaces the users file by what `editor` has made of it, and calls tell_if_outdated(). Throws as
/// UsersEditor::commit().
void commit(const config::Settings& settings, users::UsersEditor& editor);

/// The path of the user's Maildir.
base::Result<std::string, base::Problem> locate(const config::Settings& settings,
                                                const users::User& user);
/// The same. Throws Failure, which names the user and the mistake.
std::string maildir_of(const config::Settings& settings, const users::User& user);

/// The first user but `name` who has the Maildir `path`, by plain_path(); nothing if there is none,
/// or no users file. Throws as open_users.
std::optional<std::string> other_user_of(const config::Settings& settings, const std::string& path,
                                         const std::string& name);
/// All of these users without `sodapop_shared=yes`, each once for each line.
std::vector<std::string> unshared_users_of(const config::Settings& settings,
                                           const std::string& path, const std::string& name);

/// The number of a uid or gid; empty without one.
std::string id_text(std::optional<std::uint32_t> id);

/// The highest cost that a stored hash may have.
passwords::Cost ceiling(const config::Settings& settings);

/// Throws Failure for a name that no user can log in with.
void require_valid_name(const std::string& name);

/// Throws Failure for a name that the site's rules make another one of, or that lacks the domain
/// which they require: no login finds such a line.
void require_reachable(const config::Settings& settings, const std::string& name);

/// Throws Failure for a uid or gid that is never served: 0 and, when called by root, one below
/// minimum-uid or minimum-gid. A server that was not started as root serves its own uid, whatever
/// it is.
void require_servable(const config::Settings& settings, const users::User& user);

} // namespace admin
