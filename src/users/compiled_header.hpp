// SPDX-License-Identifier: ISC
// What the compiled form of a users file says about itself, in a record of its own: lines of text,
// so that `cdb -q USERS.cdb :header` shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace users {

/// The key of that record: no name has a colon in it.
inline constexpr std::string_view header_key = ":header";
/// Raised with every change that an older program would misread.
inline constexpr std::uint32_t compiled_version = 1;
/// Octets of the record: decoys of 512 octets and numbers.
inline constexpr std::size_t max_header = 16384;

struct CompiledHeader {
  std::uint32_t version = compiled_version;
  std::uint64_t text_size = 0;        ///< Octets of the users file that it was made from.
  std::int64_t text_changed = 0;      ///< Its mtime, in nanoseconds since 1970.
  std::uint32_t scram_iterations = 0; ///< As DecoyCosts has them.
  std::vector<std::string> decoys;

  bool is_of(const struct stat& text) const;
};

/// Of a file that is going to be compiled.
CompiledHeader header_of(const struct stat& text);

std::string to_text(const CompiledHeader& header);
/// Nothing for what to_text does not give. Of another version only the version is read.
std::optional<CompiledHeader> parse_header(std::string_view text);

} // namespace users
