// SPDX-License-Identifier: ISC
// Authentication by user name and password: checks that the password belongs to the name.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"
#include "passwords/password_hash.hpp"
#include "users/user_store.hpp"

#include <optional>
#include <string_view>

namespace users {

/// Why a login is refused. The words are for a log or a terminal, not for clients, which must not
/// learn the reason.
namespace login_problem {
using line_problem::bad_name; // the users file is not searched
using namespace passwords::hash_problem;
/// No well-formed line has that name.
inline constexpr base::Problem unknown_user{"no line of the users file is for this user",
                                            "unknown-user"};
inline constexpr base::Problem disabled{"the user is disabled: the hash is empty, * or locked",
                                        "disabled"};
/// Above the site's ceiling.
inline constexpr base::Problem hash_too_costly{
    "the password hash costs more than hash-memory-limit or hash-operations-limit allow",
    "hash-too-costly"};
/// Also for an empty password, which is never right.
inline constexpr base::Problem wrong_password{"the password is wrong", "wrong-password"};
} // namespace login_problem

/// The ceiling that hash-memory-limit and hash-operations-limit set: a hash above it is refused,
/// not computed.
passwords::Cost ceiling_of(const config::HashSettings& settings);

/// The reason why no password can be right for `hash`, a field of the users file, if there is one:
/// disabled, unknown_scheme, weak_scheme, malformed or hash_too_costly.
std::optional<base::Problem> obstacle(std::string_view hash, const passwords::Cost& ceiling);

/// What a password for a name has to be verified against.
struct Target {
  std::optional<User> user;
  std::optional<base::Problem> refusal; ///< Why no password can be right, where that is so.
  std::string hash;                     ///< The user's, or with a `refusal` a decoy.
};

/// Finds the target for `name`. There is always a hash, so that a name without a user takes the
/// time of any other. The decoy has the scheme and the cost of the first usable hash in the file,
/// since most sites have one scheme and cost for all users; without such a hash, it costs
/// owasp_cost. Throws std::exception when the users file cannot be read.
Target find_target(const UserStore& users, std::string_view name, const passwords::Cost& ceiling,
                   const OnBadLine& on_bad_line);

/// The user, if the target has one and the password was right. `fits`: whether a password that is
/// not empty fits the hash.
base::Result<User, base::Problem> judge(Target target, bool fits);

/// The user with this name and password, or the reason for the refusal. Makes one verification in
/// every case. Does not check whether the user may be served (uid, Maildir). Throws as
/// find_target() does.
base::Result<User, base::Problem> authenticate(const UserStore& users, std::string_view name,
                                               const base::Secret& password,
                                               const passwords::Cost& ceiling,
                                               const OnBadLine& on_bad_line);

} // namespace users
