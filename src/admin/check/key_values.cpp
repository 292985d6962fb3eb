// SPDX-License-Identifier: ISC
#include "admin/check/key_values.hpp"

#include "base/text_file.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <sstream>
#include <system_error>

namespace admin {

namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return std::string(text.substr(0, text.find_last_not_of(blanks) + 1));
}

} // namespace

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
    std::istringstream text(base::read_text(path, max_key_values));
    for (std::string line; std::getline(text, line);)
      lines.push_back(trimmed(line));
  } catch (const std::system_error&) {
    // The program that uses the file reports this.
  }
  return lines;
}

std::vector<Section> sections_of(const std::string& path) {
  std::vector<Section> sections(1);
  for (const auto& line : lines_of(path)) {
    constexpr std::string_view service = "service ";
    if (line.starts_with('#') || line.starts_with(';'))
      continue;
    if (line.starts_with('['))
      sections.push_back({line.substr(1, line.find(']') - 1), {}});
    else if (line.starts_with(service))
      sections.push_back(
          {trimmed(line.substr(service.size(), line.find('{') - service.size())), {}});
    else if (const auto equals = line.find('='); equals != std::string::npos)
      sections.back().entries.emplace_back(trimmed(line.substr(0, equals)),
                                           trimmed(line.substr(equals + 1)));
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
