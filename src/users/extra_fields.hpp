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
  std::string mail;  ///< PATH of `userdb_mail=maildir:PATH[:OPTIONS]`, `~/` and `%` still in it.
  std::string scram; ///< Of `sodapop_scram=`, unchecked; see scram_verifier.hpp.
  /// `nologin`: nobody gets in, and the client is told why: the text of `nologin=` or `reason=`,
  /// which may be empty.
  std::optional<std::string> nologin;
  bool pop3 = true; ///< Not with `sodapop_pop3=no`.
  /// Of `sodapop_app_passwords_only=yes`: the hash lets nobody in.
  bool app_passwords_only = false;
  Rights rights; ///< `allow_nets=`, `sodapop_read_only=`, `sodapop_expires=`.
  std::vector<AppPassword> app_passwords; ///< `sodapop_app=`, in their order.
};

/// Words that are neither ours nor one of Dovecot's named above are ignored. Refusals: bad_mail,
/// bad_rights, bad_scram, bad_app_password, unknown_key.
base::Result<ExtraFields, LineProblem> parse_extra_fields(std::string_view extra);

/// 1 to max_label of A-Z a-z 0-9 . - _ @ +
bool is_valid_label(std::string_view label);

} // namespace users
