// SPDX-License-Identifier: ISC
#include "admin/check/key_values.hpp"

#include "base/split.hpp"
#include "base/text_file.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <system_error>

namespace admin {

using base::trimmed;

std::string Section::value(std::string_view key) const {
  const auto all = values(key);
  return all.empty() ? "" : all.back();
}

std::vector<std::string> Section::values(std::string_view key) const {
  std::vector<std::string> found;
  for (const auto& [one_key, one_value] : entries) {
    if (one_key == key && one_value.empty())
      found.clear();
    else if (one_key == key)
      found.push_back(one_value);
  }
  return found;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  try {
    const auto text = base::read_text(path, max_key_values);
    for (std::string_view rest = text; !rest.empty();)
      lines.emplace_back(base::take_field(rest, '\n'));
  } catch (const std::system_error&) {
    // The program that uses the file reports this.
  }
  return lines;
}

std::vector<Section> sections_of(const std::string& path) {
  std::vector<Section> sections(1);
  for (const auto& whole : lines_of(path)) {
    const auto line = trimmed(whole);
    auto rest = line;
    if (line.starts_with('#') || line.starts_with(';'))
      continue;
    if (base::take_prefix(rest, "["))
      sections.push_back({std::string(base::take_field(rest, ']')), {}});
    else if (base::take_prefix(rest, "service "))
      sections.push_back({std::string(trimmed(base::take_field(rest, '{'))), {}});
    else if (const auto key = base::take_field(rest, '='); key.size() < line.size())
      sections.back().entries.emplace_back(trimmed(key), trimmed(rest));
  }
  return sections;
}

std::vector<std::string> files_of(const std::string& directory, std::string_view ending) {
  std::vector<std::string> paths;
  boost::system::error_code error;
  for (boost::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().string().ends_with(ending))
      paths.push_back(entry->path().string());
  std::ranges::sort(paths);
  return paths;
}

} // namespace admin
