// SPDX-License-Identifier: ISC
// One line of the users file, `user:{SCHEME}hash:uid:gid:gecos:home:shell:extra`: Dovecot's
// passwd-file format, as sodapop-users(5) defines it for us. Fields missing at the end are empty.
#pragma once

#include "base/result.hpp"
#include "users/extra_fields.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace users {

/// Most octets of a name: the limit for a directory name on Linux, since a name becomes one.
inline constexpr std::size_t max_name = 255;
/// Most octets of a line without its end: enough for a hash, a name and two long paths.
inline constexpr std::size_t max_line = 8192;

struct User : ExtraFields {
  std::string name;
  std::string hash; ///< As stored, `{SCHEME}` included. Unchecked; may be empty.
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  std::string home; ///< Absolute, or empty.
};

/// True for 1 to max_name octets of A-Z a-z 0-9 . - _ @ +, at most one @; neither the local part
/// nor the domain is empty or begins with a dot, so that each can be a directory.
bool is_valid_name(std::string_view name);

/// True when `hash`, a field of the users file, keeps its user out whatever the proof is: when it
/// begins with `!` or `*`, also behind a `{SCHEME}`, or is `x` alone, the mark of passwd(5) for a
/// hash elsewhere. `*` alone is no lock.
bool is_locked(std::string_view hash);

/// True when `hash` accepts no password: empty, `*`, or locked.
bool is_disabled(std::string_view hash);

/// True for a line of blanks only, or with # as its first byte other than a blank.
bool is_comment(std::string_view line);

/// Parses a line without its end, which must be no comment.
base::Result<User, base::Problem> parse_user(std::string_view line);

/// The extra field, which is the end of the line; empty also where a line has none.
std::string_view extra_field(std::string_view line);

/// The problem for which parse_user would refuse `line`, without the cost of building a User.
std::optional<base::Problem> problem_in(std::string_view line);

} // namespace users
