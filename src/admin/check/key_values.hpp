// SPDX-License-Identifier: ISC
// Reads files of `key = value` in sections, as other programs of the system have them. Lines that
// it does not understand are skipped.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace admin {

struct Section {
  std::string name; ///< `[name]` or `service name`; empty for entries before the first.
  std::vector<std::pair<std::string, std::string>> entries;

  /// The last value of that key; empty if there is none.
  std::string value(std::string_view key) const;
  /// All values of that key after the last empty one.
  std::vector<std::string> values(std::string_view key) const;
};

/// Octets that such a file may have; a longer one is no configuration.
constexpr std::size_t max_key_values = 256 * 1024;

/// The lines of a file without their ends; none if it cannot be read or is longer than
/// max_key_values.
std::vector<std::string> lines_of(const std::string& path);

/// The sections of a file, at least the one without a name. Comments begin with # or ;.
std::vector<Section> sections_of(const std::string& path);

/// The paths of the files in `directory` whose names have that ending, sorted; none if there is no
/// such directory.
std::vector<std::string> files_of(const std::string& directory, std::string_view ending);

} // namespace admin
