// SPDX-License-Identifier: ISC
// The problems that a line of the users file can have.
#pragma once

#include "base/result.hpp"

namespace users::line_problem {

using base::Problem;

/// More than max_line octets.
inline constexpr Problem too_long{"the line is longer than 8192 octets"};
/// The last line, without a line end: its end, where restrictions stand, may be missing.
inline constexpr Problem no_line_end{
    "the last line has no line end, so that the file may be cut off, and is no line"};
/// CR at the end: an editor of another system has changed all line ends.
inline constexpr Problem windows_line_end{
    "the line has a Windows line end, CR LF: convert the file to line ends of Unix, LF"};
/// The octets EF BB BF, which some editors write at the beginning of a file.
inline constexpr Problem byte_order_mark{
    "the line begins with a byte order mark, which an editor has written before it: remove it"};
/// A byte below 0x20 (a tab in the extra field excepted), or 0x7f.
inline constexpr Problem control_character{"the line has a control character in it"};
inline constexpr Problem no_hash{"the line has no colon, so there is no password hash"};
/// is_valid_name refuses it.
inline constexpr Problem bad_name{
    "the user name is empty, too long, or has characters that are not allowed", "bad-name"};
inline constexpr Problem bad_uid{"the uid is not a number from 0 to 4294967294"};
inline constexpr Problem bad_gid{"the gid is not a number from 0 to 4294967294"};
inline constexpr Problem relative_home{"the home is not an absolute path"};
/// userdb_mail given twice, not a `maildir:`, without a path or with `::`.
inline constexpr Problem bad_mail{"userdb_mail is not one maildir:PATH"};
inline constexpr Problem bad_shared{"sodapop_shared is neither yes nor no, or is given twice"};
inline constexpr Problem bad_rights{
    "allow_nets or allow_real_nets, sodapop_pop3, sodapop_read_only, sodapop_expires or "
    "sodapop_app_passwords_only has an invalid value, or is given twice"};
inline constexpr Problem bad_scram{"sodapop_scram is empty or given twice"};
/// Too often: more than max_app_passwords.
inline constexpr Problem bad_app_password{
    "sodapop_app is malformed, repeats a label, or is given too often"};
/// A login must not succeed because a right is misspelt.
inline constexpr Problem unknown_key{"an extra word begins with sodapop_ and is none we know"};
/// Nor because a restriction of Dovecot is not known.
inline constexpr Problem unknown_restriction{
    "an extra word of Dovecot is not known that may restrict logins: noauthenticate, delay_until, "
    "or a known word with a suffix such as :protected"};

} // namespace users::line_problem
