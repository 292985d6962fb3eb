// SPDX-License-Identifier: ISC
// Converts lines of other programs' user files to lines of the users file.
#pragma once

#include "admin/storage_options.hpp"
#include "config/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace admin {

/// What the command line says of an import.
struct ImportRules {
  std::string file; ///< `-`: standard input.
  /// `dovecot`: a passwd-file, kept as it is, but an empty uid, gid or home may be filled in.
  /// `htpasswd`: `user:hash`, as Apache keeps it.
  /// `shadow`: shadow(5); uid, gid and home are those of the system's account of that name.
  /// `plain`: `user:password`; the password is hashed.
  std::string format;
  std::optional<std::uint32_t> uid, gid; ///< Of lines that have none.
  std::string home; ///< Of lines that have none: a template with %u, %n and %d; empty: none.
  Storage storage;  ///< Of a password that is hashed.
  bool replace = false;
  bool is_dry_run = false; ///< Passwords are not hashed, to save time.
};

struct ImportedLine {
  std::string name;
  std::string line; ///< A well-formed line of the users file, without its line end.
};

/// Converts `text`, one line without its line end that is not a comment. Throws Failure for a line
/// that gives no user who can log in: malformed, or with a bad name, a hash that is disabled, weak,
/// unknown, malformed or above the ceiling, no account, a uid or gid that is never served. The
/// message of the Failure contains nothing of the line.
ImportedLine import_line(const config::Settings& settings, const ImportRules& rules,
                         std::string_view text);

} // namespace admin
