// SPDX-License-Identifier: ISC
// The last field of a line of the users file: words with blanks between them, Dovecot's and ours,
// as sodapop-users(5) defines them.
#pragma once

#include "base/result.hpp"
#include "users/line_problem.hpp"
#include "users/rights.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace users {

struct ExtraFields {
  std::string mail; ///< PATH of `userdb_mail=maildir:PATH[:OPTIONS]`, `~/` and `%` not expanded.
  /// `sodapop_shared=yes`: other users may have the same Maildir. It says so to sodapop(8) alone; a
  /// login takes no notice.
  bool shared = false;
  std::string scram; ///< The value of `sodapop_scram=`, unchecked; see scram_verifier.hpp.
  /// `nologin` or `fail`: every login is refused, and the client is told the reason: the text of
  /// `nologin=` or `reason=`, which may be empty.
  std::optional<std::string> nologin;
  bool pop3 = true; ///< False with `sodapop_pop3=no`.
  /// True with `sodapop_app_passwords_only=yes`: the password of the hash is refused.
  bool app_passwords_only = false;
  /// `allow_nets=` or `allow_real_nets=`, `sodapop_read_only=`, `sodapop_expires=`.
  Rights rights;
  std::vector<AppPassword> app_passwords; ///< `sodapop_app=`, in their order.
};

/// Parses the extra field. Words that neither begin with sodapop_ nor are named above are ignored.
/// Refusals: bad_mail, bad_shared, bad_rights, bad_scram, bad_app_password, unknown_key,
/// unknown_restriction.
base::Result<ExtraFields, base::Problem> parse_extra_fields(std::string_view extra);

/// True for A-Z a-z 0-9 . - _ @ +, of which the names of users and the labels of app passwords are.
bool is_name_octet(char c);

/// True for 1 to max_label of these octets.
bool is_valid_label(std::string_view label);

} // namespace users
