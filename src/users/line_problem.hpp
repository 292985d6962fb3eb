// SPDX-License-Identifier: ISC
// What can be wrong with a line of the users file.
#pragma once

#include <string_view>

namespace users {

enum class LineProblem {
  too_long,          ///< More than max_line octets.
  control_character, ///< A byte below 0x20 (a tab in the extra field excepted), or 0x7f.
  no_hash,           ///< No colon.
  bad_name,          ///< Not is_valid_name.
  bad_uid,           ///< Neither empty nor 0 to 4294967294 in decimal digits.
  bad_gid,           ///< The same.
  relative_home,     ///< Neither empty nor absolute.
  bad_mail,          ///< userdb_mail given twice, not a `maildir:`, without a path or with `::`.
  bad_rights,        ///< A right whose value is none, or that is given twice.
  bad_scram,         ///< sodapop_scram given twice, or empty.
  bad_app_password,  ///< sodapop_app malformed, a label given twice, or more than there may be.
  unknown_key,       ///< A word that begins with sodapop_ and is none of ours: a right misspelt
                     ///< must not let anybody in.
  last = unknown_key
};

/// The problem in words for a log or a terminal: no full stop, nothing of the line in it.
std::string_view description(LineProblem problem);

} // namespace users
