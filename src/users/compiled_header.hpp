// SPDX-License-Identifier: ISC
// The header of the compiled form of a users file, in a record of its own: lines of text, so that
// `cdb -q USERS.cdb :header` shows them.
#pragma once

#include "base/result.hpp"
#include "passwords/hash_cost.hpp"
#include "users/scram_entry.hpp"
#include "users/user.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace users {

/// The key of the header's record: no name has a colon in it.
inline constexpr std::string_view header_key = ":header";
/// The version of the format, raised with every change that an older program would misread.
inline constexpr std::uint32_t compiled_version = 2;
/// Most octets of the record: enough for decoys of 512 octets each and the numbers.
inline constexpr std::size_t max_header = 16384;

/// Octets at the beginning of a cdb file, which name the place and the size of each hash table.
inline constexpr std::uint64_t octets_of_contents = 2048;

/// In words that follow the name of the compiled form.
namespace compiled_problem {
/// It has another length than its tables say, or no header of sodapop.
inline constexpr base::Problem damaged{"is damaged, or not made by sodapop users compile"};
inline constexpr base::Problem other_version{"was made by another version of sodapop"};
/// The users file has changed since, or an older sodapop made it, whose header does not tell that.
inline constexpr base::Problem outdated{"is older than the users file"};
} // namespace compiled_problem

/// What the header says of the users file, in a size that does not depend on the number of users.
struct CompiledHeader {
  /// Most decoys. There is one for each scheme and cost, in the order of the first user with it; a
  /// site hardly has as many.
  static constexpr std::size_t max_decoys = 16;

  std::uint64_t text_size = 0; ///< Octets of the users file that was compiled.
  std::uint64_t text_inode = 0;
  // Nanoseconds since 1970. Programs set the mtime as they like, but not the ctime.
  std::int64_t text_mtime = 0, text_ctime = 0;
  passwords::ScramParameters scram; ///< Of most verifiers; the default without a verifier.
  /// Hashes that no password fits and that cost as much to verify as the hashes that they stand
  /// for: a login with an unknown name can cost the same as one with a known name.
  std::vector<std::string> decoys;

  bool is_of(const struct stat& text) const;
  /// Adds what the user's password costs.
  void consider(const User& user);

 private:
  ScramTally scram_;
  std::vector<std::pair<std::string_view, passwords::Cost>> kinds_; ///< Of `decoys`.
};

/// The header for a users file that is going to be compiled.
CompiledHeader header_of(const struct stat& text);

std::string to_text(const CompiledHeader& header);
/// Parses the text that to_text gives. Refuses any other text: outdated when an older version made
/// it, other_version when a newer one did, or damaged.
base::Result<CompiledHeader, base::Problem> parse_header(std::string_view text);

} // namespace users
