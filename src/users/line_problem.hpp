// SPDX-License-Identifier: ISC
// The problems that a line of the users file can have.
#pragma once

#include <string_view>

namespace users {

enum class LineProblem {
  too_long,          ///< More than max_line octets.
  control_character, ///< A byte below 0x20 (a tab in the extra field excepted), or 0x7f.
  no_hash,           ///< No colon.
  bad_name,          ///< is_valid_name refuses it.
  bad_uid,           ///< Neither empty nor 0 to 4294967294 in decimal digits.
  bad_gid,           ///< As bad_uid.
  relative_home,     ///< Neither empty nor absolute.
  bad_mail,          ///< userdb_mail given twice, not a `maildir:`, without a path or with `::`.
  bad_rights,        ///< A right that has an invalid value or is given twice.
  bad_scram,         ///< sodapop_scram given twice, or empty.
  bad_app_password, ///< sodapop_app malformed, a label given twice, or more than max_app_passwords.
  unknown_key,      ///< An unknown word that begins with sodapop_: a login must not succeed
                    ///< because a right is misspelt.
  last = unknown_key
};

/// The problem in words for a log or a terminal: no full stop, no text of the line.
std::string_view description(LineProblem problem);

} // namespace users
