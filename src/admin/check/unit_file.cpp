// SPDX-License-Identifier: ISC
#include "admin/check/unit_file.hpp"

#include "admin/check/key_values.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/filesystem/path.hpp>
#include <map>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace admin {

namespace {

constexpr std::string_view true_words[] = {"1", "yes", "y", "true", "t", "on"};
/// Where units are, beside `etc`, which may have another name; what comes first goes before the
/// others.
constexpr std::string_view places[] = {"etc", "run", "usr/local/lib", "usr/lib", "lib"};
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr auto units = "/systemd/system/";

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

/// Whether the line goes on in the next one: its last backslash is not itself escaped.
bool is_continued(std::string_view line) {
  const auto end = line.find_last_not_of('\\');
  return (line.size() - (end + 1)) % 2 == 1; // npos + 1 is 0
}

/// Parses the lines of one file.
class UnitLines {
 public:
  UnitLines(std::string path, std::vector<UnitEntry>& entries)
      : path_(std::move(path)), entries_(entries) {}

  void add(std::string_view line) {
    if (++number_ == 1)
      base::take_prefix(line, byte_order_mark);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    line = line.substr(0, line.find_last_not_of('\r') + 1);
    if (is_comment(line))
      return; // inside a continued line, too
    if (line_.empty())
      begin_ = number_;
    line_ += line;
    if (!is_continued(line))
      return end();
    line_.back() = ' ';
  }
  /// Ends the line, as the file's end does.
  void end() {
    const auto whole = std::exchange(line_, {});
    auto rest = base::trimmed(whole);
    if (base::take_prefix(rest, "["))
      section_ = base::take_field(rest, ']');
    else if (const auto key = base::take_field(rest, '='); key.size() < base::trimmed(whole).size())
      entries_.push_back({section_, std::string(base::trimmed(key)),
                          std::string(base::trimmed(rest)), path_ + ":" + std::to_string(begin_)});
  }

 private:
  std::string path_;
  std::vector<UnitEntry>& entries_;
  std::string section_, line_;
  unsigned number_ = 0, begin_ = 0;
};

void add_entries(const std::string& path, std::vector<UnitEntry>& entries) {
  UnitLines lines(path, entries);
  for (const auto& line : lines_of(path))
    lines.add(line);
  lines.end();
}

/// `a@.service` for `a@b.service`, else empty.
std::string template_of(const std::string& name) {
  const auto at = name.find('@'), end = name.rfind('.');
  return at < end && at + 1 != end ? name.substr(0, at + 1) + name.substr(end) : "";
}

/// The names whose drop-ins hold for a unit: its own, that of its template, and `a-.service` for
/// `a-b.service`.
std::vector<std::string> names_of_drop_ins(const std::string& name) {
  std::vector<std::string> names{name};
  if (auto other = template_of(name); !other.empty())
    names.push_back(std::move(other));
  const auto ending = name.substr(name.rfind('.'));
  const auto stem = name.substr(0, name.size() - ending.size());
  for (auto dash = stem.rfind('-', stem.size() - 2); dash != stem.npos && dash > 0;
       dash = stem.rfind('-', dash - 1))
    names.push_back(stem.substr(0, dash + 1) + ending);
  return names;
}

/// The directory of units of that place.
std::string directory_of(const std::string& etc, std::string_view place) {
  const auto path = boost::filesystem::path(etc).lexically_normal();
  return (place == "etc" ? path : path.parent_path() / std::string(place)).string() + units;
}

/// The drop-ins, sorted by their names; of those with one name only the first place counts.
std::vector<std::string> drop_ins_of(const std::string& etc, const std::string& name) {
  std::map<std::string, std::string> by_name;
  const auto add = [&](std::string_view place, const std::string& of_unit) {
    const auto directory = directory_of(etc, place) + of_unit + ".d";
    for (const auto& path : files_of(directory, ".conf"))
      by_name.emplace(path.substr(path.rfind('/') + 1), path);
  };
  for (const auto place : places)
    for (const auto& of_unit : names_of_drop_ins(name))
      add(place, of_unit);
  for (const auto place : places)
    add(place, name.substr(name.rfind('.') + 1));
  std::vector<std::string> paths;
  paths.reserve(by_name.size());
  for (const auto& [unused, path] : by_name)
    paths.push_back(path);
  return paths;
}

/// The directories whose links enable units.
std::vector<std::string> directories_of_links(const std::string& etc) {
  auto directories = files_of(etc + units, ".wants");
  std::ranges::copy(files_of(etc + units, ".requires"), std::back_inserter(directories));
  return directories;
}

/// The unit's own file, else that of its template; empty if there is none.
std::string path_of(const std::string& etc, const std::string& name) {
  for (const auto& wanted : {name, template_of(name)})
    for (const auto place : places)
      if (auto path = directory_of(etc, place) + wanted;
          !wanted.empty() && ::access(path.c_str(), F_OK) == 0)
        return path;
  return {};
}

} // namespace

std::vector<UnitEntry> Unit::list(std::string_view section, std::string_view key) const {
  std::vector<UnitEntry> found;
  for (const auto& entry : entries) {
    if (entry.section != section || entry.key != key)
      continue;
    if (entry.value.empty())
      found.clear();
    else
      found.push_back(entry);
  }
  return found;
}

std::string Unit::value(std::string_view section, std::string_view key) const {
  const auto all = list(section, key);
  return all.empty() ? "" : all.back().value;
}

bool Unit::is_true(std::string_view section, std::string_view key) const {
  return is_true_word(value(section, key));
}

std::string Unit::where(std::string_view section, std::string_view key) const {
  if (const auto all = list(section, key); !all.empty())
    return all.back().where;
  return files.empty() ? name : files.front();
}

bool is_true_word(std::string_view value) {
  return std::ranges::any_of(true_words,
                             [value](auto word) { return boost::algorithm::iequals(word, value); });
}

Unit read_unit(const std::string& etc, const std::string& name) {
  Unit unit{name, {}, {}};
  const auto path = path_of(etc, name);
  if (path.empty())
    return unit;
  unit.files = drop_ins_of(etc, name);
  unit.files.insert(unit.files.begin(), path);
  for (const auto& file : unit.files)
    add_entries(file, unit.entries);
  return unit;
}

std::set<std::string> unit_names(const std::string& etc, std::string_view ending) {
  auto directories = directories_of_links(etc);
  directories.push_back(etc + units);
  std::set<std::string> names;
  for (const auto& directory : directories)
    for (const auto& path : files_of(directory, ending))
      names.insert(path.substr(path.rfind('/') + 1));
  return names;
}

bool is_enabled(const std::string& etc, const std::string& name) {
  return std::ranges::any_of(directories_of_links(etc), [&](const auto& directory) {
    struct stat facts {};
    return ::lstat((directory + "/" + name).c_str(), &facts) == 0;
  });
}

} // namespace admin
