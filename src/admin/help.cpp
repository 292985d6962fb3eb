// SPDX-License-Identifier: ISC
#include "admin/help.hpp"

#include "base/split.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace admin {

namespace {

constexpr std::size_t help_column = 32;

void add_row(std::string& text, const std::string& what, const std::string& meaning) {
  auto row = "  " + what;
  if (row.size() + 2 > help_column)
    row.append("\n");
  row.append(row.ends_with('\n') ? help_column : help_column - row.size(), ' ');
  text.append(row).append(meaning).append("\n");
}

/// The form without the marks that only the parser needs.
std::string shown(const Option& option) {
  auto form = option.form;
  std::erase_if(form, [](char c) { return c == '!' || c == '[' || c == ']'; });
  return form;
}

std::string block(const std::string& heading, const std::string& rows) {
  return rows.empty() ? rows : "\n" + heading + ":\n" + rows;
}

std::string usage(const Command& command) {
  auto text = "Usage: sodapop" + (command.name.empty() ? "" : " " + command.name) +
              (command.run ? " [OPTIONS]" : " COMMAND [OPTIONS]");
  for (const auto& option : command.options)
    if (option.is_argument())
      text += " " + option.form;
  return text + "\n";
}

std::string commands_below(const Command& command, const Commands& commands) {
  const auto start = command.name.empty() ? "" : command.name + " ";
  std::string rows;
  for (const auto& other : commands)
    if (other.run && other.name.starts_with(start))
      add_row(rows, other.name.substr(start.size()), other.description);
  return block("Commands (each has a --help of its own)", rows);
}

/// The arguments, then the options by group; those of the group without a name are not shown.
std::string items(const Command& command) {
  Options all{{help_flag, "Print this"}};
  if (command.name.empty())
    all.insert(all.begin(), {version_flag, "Print the version"});
  all = all + command.options;
  std::vector<std::pair<std::string, std::string>> groups{{"Arguments", ""}};
  for (const auto& option : all) {
    const auto group = option.is_argument() ? "Arguments" : option.rules.group;
    auto found = std::ranges::find(groups, group, [](const auto& one) { return one.first; });
    if (found == groups.end())
      found = groups.insert(found, {group, ""});
    add_row(found->second, shown(option), option.help);
  }
  std::string text;
  for (const auto& [heading, rows] : groups)
    text += heading.empty() ? "" : block(heading, rows);
  return text;
}

/// Moves from `line` to `text` what does not fit into the last line.
void break_line(std::string& line, std::size_t width, std::string& text) {
  const std::size_t indent = line.starts_with(' ') ? help_column : 0;
  while (line.size() > width) {
    auto at = line.rfind(' ', width);
    if (at == line.npos || at <= indent)
      at = line.find(' ', std::max(width, indent + 1)); // a word is longer than the line
    if (at == line.npos)
      return;
    text.append(line, 0, at).append("\n");
    line = std::string(indent, ' ').append(line, at + 1);
  }
}

bool is_sentence(std::string_view line) {
  return !line.empty() && !line.starts_with(' ');
}

} // namespace

std::string help_of(const Command& command, const Commands& commands) {
  return usage(command) + "\n" + command.description + "\n" + commands_below(command, commands) +
         items(command) + (command.footer.empty() ? "" : "\n" + command.footer + "\n");
}

std::string fitted(const std::string& help, std::size_t width) {
  std::string text, rest;
  for (std::string_view lines = help; !lines.empty();) {
    auto line = std::string(base::take_field(lines, '\n'));
    if (!rest.empty() && is_sentence(line))
      line.insert(0, rest + " ");
    else if (!rest.empty())
      text.append(rest).append("\n");
    rest.clear();
    const auto before = text.size();
    break_line(line, width, text);
    if (text.size() > before && is_sentence(line))
      rest = line; // which the next line goes on with
    else
      text.append(line).append("\n");
  }
  return rest.empty() ? text : text + rest + "\n";
}

std::size_t output_width() {
  const char* columns = std::getenv("COLUMNS");
  const auto given = base::parse_number<std::size_t>(columns != nullptr ? columns : "");
  winsize size{};
  if (given && *given > 0)
    return *given;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return std::string::npos;
}

} // namespace admin
