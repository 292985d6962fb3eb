// SPDX-License-Identifier: ISC
// Converts lines of other programs' user files to lines of the users file.
#pragma once

#include "admin/command_line.hpp"

#include <string>
#include <string_view>

namespace admin {

/// Converts `text`, one line without its line end that is not a comment, to a well-formed line of
/// the users file. `given` is the command line of `users import`; its format is one of
/// `dovecot`: a passwd-file, kept as it is, but an empty uid, gid or home may be filled in.
/// `htpasswd`: `user:hash`, as Apache keeps it.
/// `shadow`: shadow(5); uid, gid and home are those of the system's account of that name.
/// `plain`: `user:password`; the password is hashed, but not in a dry run, to save time.
/// The user keeps the name that the text has before its first colon. Throws Failure for a line that
/// gives no user who can log in: malformed, or with a bad name, a hash that is disabled, weak,
/// unknown, malformed or above the ceiling, no account, a uid or gid that is never served. The
/// message of the Failure contains nothing of the line.
std::string import_line(const config::Settings& settings, const Values& given,
                        std::string_view text);

/// Whether lines of the format that `given` names can restrict their user in all ways that the
/// users file knows: those of `dovecot` alone.
bool has_restrictions(const Values& given);

/// Whether the lines have passwords, which take a while to hash. import_line() may be called for
/// these by several threads at once, for those of `shadow` it may not.
bool has_passwords(const Values& given);

} // namespace admin
