// SPDX-License-Identifier: ISC
// Puts an imported line in the place of the line that its user has, so that a restriction is
// lifted only on request.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace admin {

/// Both functions take lines of the users file without their ends.

/// `old` with the hash of `fresh`, which comes from a format without restrictions, and with the
/// words that `fresh` has. A verifier for SCRAM that was made for another hash is removed.
std::string with_new_hash(std::string_view old, std::string_view fresh);

struct Merged {
  std::string line; ///< `fresh`, with all that only the old line has.
  std::set<std::string>
      missing; ///< Parts of the old line alone: home, uid, gid, and keys of words.
};

/// Uid and gid belong together, as do hash and verifier: where `fresh` has one of them, the old
/// line's other one is neither kept nor named. Gecos and shell are those of `fresh`.
Merged merge(std::string_view old, std::string_view fresh);

} // namespace admin
