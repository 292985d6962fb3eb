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

enum class Refusal {
  bad_name,        ///< is_valid_name refuses it; the users file is not searched.
  unknown_user,    ///< No well-formed line has that name.
  disabled,        ///< The hash is empty, `*`, or begins with `!`.
  unknown_scheme,  ///< HashProblem::unknown_scheme.
  weak_scheme,     ///< HashProblem::weak_scheme.
  malformed_hash,  ///< HashProblem::malformed.
  hash_too_costly, ///< Above the site's ceiling.
  wrong_password,  ///< Also for an empty password, which is never right.
};

/// The refusal as a log shows it: its name with hyphens, such as `unknown-user`.
std::string_view log_name(Refusal refusal);
/// The refusal as a terminal shows it, without full stop. Not for clients, which must not learn the
/// reason.
std::string_view description(Refusal refusal);

/// The limit and the default for the cost of hashes in `authenticate`.
struct CostPolicy {
  passwords::Cost ceiling; ///< A hash above it is refused, not computed.
  passwords::Cost usual =
      passwords::owasp_cost; ///< For the decoy, when the users file has no usable hash.
};

/// The policy with the ceiling of hash-memory-limit and hash-operations-limit.
CostPolicy policy_of(const config::HashSettings& settings);

/// True when `hash`, a field of the users file, accepts no password: empty, `*`, or beginning with
/// `!`.
bool is_disabled(std::string_view hash);

/// The reason why no password can be right for `hash`, a field of the users file, if there is one:
/// disabled, unknown_scheme, weak_scheme, malformed_hash or hash_too_costly.
std::optional<Refusal> obstacle(std::string_view hash, const passwords::Cost& ceiling);

/// The user with this name and password, or the reason for the refusal. Makes one verification in
/// every case: without a usable hash, that of a decoy. The decoy has the scheme and the cost of the
/// first usable hash in the file, since most sites have one scheme and cost for all users. Does not
/// check whether the user may be served (uid, Maildir). Throws std::system_error.
base::Result<User, Refusal> authenticate(const UserStore& users, std::string_view name,
                                         const base::Secret& password, const CostPolicy& policy,
                                         const OnBadLine& on_bad_line);

} // namespace users
