// SPDX-License-Identifier: ISC
// The whole question of a login: does this password belong to this name?
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
  bad_name,        ///< Not is_valid_name; the users file is not asked.
  unknown_user,    ///< No well-formed line has that name.
  disabled,        ///< The hash is empty, `*`, or begins with `!`.
  unknown_scheme,  ///< HashProblem::unknown_scheme.
  weak_scheme,     ///< HashProblem::weak_scheme.
  malformed_hash,  ///< HashProblem::malformed.
  hash_too_costly, ///< Above the site's ceiling.
  wrong_password,  ///< An empty one included: it never logs in.
};

/// The refusal as a log shows it: its name with hyphens, such as `unknown-user`.
std::string_view log_name(Refusal refusal);
/// The refusal as a terminal shows it, without full stop. Not for clients: they must not be told.
std::string_view description(Refusal refusal);

/// The cost of the hashes that `authenticate` meets.
struct CostPolicy {
  passwords::Cost ceiling; ///< A hash above it is refused, not computed.
  passwords::Cost usual =
      passwords::owasp_cost; ///< For the decoy, where the users file holds no hash to go by.
};

/// With the ceiling of hash-memory-limit and hash-operations-limit.
CostPolicy policy_of(const config::Settings& settings);

/// Whether no password is right for a hash as the users file has it: empty, `*`, or locked.
bool is_disabled(std::string_view hash);

/// Why no password is ever right for `hash`, a field of the users file, if so: disabled,
/// unknown_scheme, weak_scheme, malformed_hash or hash_too_costly.
std::optional<Refusal> obstacle(std::string_view hash, const passwords::Cost& ceiling);

/// The user that `name` and `password` prove, or the reason why not. One verification is made in
/// every case: where there is no usable hash, that of a decoy. It has the scheme and the cost of
/// the first usable hash in the file, since a site mostly has one for all. Whether the user may be
/// served (uid, Maildir) is not asked here. Throws std::system_error.
base::Result<User, Refusal> authenticate(const UserStore& users, std::string_view name,
                                         const base::Secret& password, const CostPolicy& policy,
                                         const OnBadLine& on_bad_line);

} // namespace users
