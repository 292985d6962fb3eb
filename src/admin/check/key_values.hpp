// SPDX-License-Identifier: ISC
// Files of `key = value` in sections, as other programs of the system have them: a reader that is
// content with what it understands.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace admin {

struct Section {
  std::string name; ///< `[name]` or `service name`; empty for what comes before the first.
  std::vector<std::pair<std::string, std::string>> entries;

  /// The last one with that key; empty without.
  std::string value(std::string_view key) const;
  /// All of them since the last that is empty, as systemd counts.
  std::vector<std::string> values(std::string_view key) const;
};

/// Octets of such a file: longer ones are nobody's configuration.
constexpr std::size_t max_key_values = 256 * 1024;

/// Trimmed lines; none of a file that cannot be read or is longer than that.
std::vector<std::string> lines_of(const std::string& path);

/// At least one: the one without name. Comments begin with # or ;.
std::vector<Section> sections_of(const std::string& path);

/// The paths of files in a directory whose names end so, sorted; none when there is no directory.
std::vector<std::string> files_of(const std::string& directory, std::string_view ending);

} // namespace admin
