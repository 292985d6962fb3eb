// SPDX-License-Identifier: ISC
// Lines of the files that other programs keep users in, as lines of ours.
#pragma once

#include "admin/cost_options.hpp"
#include "admin/scram_options.hpp"
#include "config/settings.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace admin {

enum class ImportFormat {
  dovecot,  ///< passwd-file: a line of ours, but for uid, gid and home.
  htpasswd, ///< `user:hash`, as Apache keeps it.
  shadow,   ///< shadow(5): uid, gid and home are those of the system's account of that name.
  plain,    ///< `user:password`; the password is hashed.
};

/// What the lines do not say.
struct ImportDefaults {
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
  std::string home; ///< A template with %u, %n and %d; empty: none.
  CostOptions cost;
  ScramOptions scram;
  bool is_dry_run = false; ///< Passwords are not hashed, which takes its time.
};

struct ImportedLine {
  std::string name;
  std::string line; ///< Of the users file, without its end; well-formed.
};

/// Takes the text of one line, without its end, that is no comment. What cannot be a user that logs
/// in is thrown as Failure, in words that tell nothing of the line: a malformed one, a bad name, a
/// hash that is disabled, weak, unknown, malformed or above the ceiling, no account, a uid or gid
/// that is never served.
ImportedLine import_line(ImportFormat format, const config::Settings& settings,
                         const ImportDefaults& defaults, std::string_view text);

} // namespace admin
