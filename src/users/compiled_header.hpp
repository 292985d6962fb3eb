// SPDX-License-Identifier: ISC
// The header of the compiled form of a users file, in a record of its own: lines of text, so that
// `cdb -q USERS.cdb :header` shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace users {

/// The key of the header's record: no name has a colon in it.
inline constexpr std::string_view header_key = ":header";
/// The version of the format, raised with every change that an older program would misread.
inline constexpr std::uint32_t compiled_version = 1;
/// Most octets of the record: enough for decoys of 512 octets each and the numbers.
inline constexpr std::size_t max_header = 16384;

/// Octets at the beginning of a cdb file, which name the place and the size of each hash table.
inline constexpr std::uint64_t octets_of_contents = 2048;

struct CompiledHeader {
  std::uint32_t version = compiled_version;
  std::uint64_t text_size = 0;        ///< Octets of the users file that was compiled.
  std::int64_t text_changed = 0;      ///< Its mtime, in nanoseconds since 1970.
  std::uint32_t scram_iterations = 0; ///< As in DecoyCosts.
  std::vector<std::string> decoys;

  bool is_of(const struct stat& text) const;
};

/// The header for a users file that is going to be compiled.
CompiledHeader header_of(const struct stat& text);

std::string to_text(const CompiledHeader& header);
/// Parses the text that to_text gives; nothing for any other text. When the version differs, only
/// the version is read.
std::optional<CompiledHeader> parse_header(std::string_view text);

} // namespace users
