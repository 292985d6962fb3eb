// SPDX-License-Identifier: ISC
#include "admin/help.hpp"

#include <algorithm>

namespace admin {

namespace {

constexpr std::size_t column = 32;

void add_row(std::string& text, const std::string& what, const std::string& meaning) {
  auto row = "  " + what;
  if (row.size() + 2 > column)
    row.append("\n");
  row.append(row.ends_with('\n') ? column : column - row.size(), ' ');
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

std::string commands_below(const Command& command, const std::vector<Command>& commands) {
  const auto start = command.name.empty() ? "" : command.name + " ";
  std::string rows;
  for (const auto& other : commands)
    if (other.run && other.name.starts_with(start))
      add_row(rows, other.name.substr(start.size()), other.description);
  return block("Commands (each has a --help of its own)", rows);
}

std::string group_of(const Option& option) {
  return option.is_argument() ? "Arguments" : option.rules.group;
}

std::string options(const Command& command, const std::string& group) {
  std::string rows;
  if (group == Rules().group && command.name.empty())
    add_row(rows, version_flag, "Print the version");
  if (group == Rules().group)
    add_row(rows, help_flag, "Print this");
  for (const auto& option : command.options)
    if (group_of(option) == group)
      add_row(rows, shown(option), option.help);
  return block(group, rows);
}

} // namespace

std::string help_of(const Command& command, const std::vector<Command>& commands) {
  auto text =
      usage(command) + "\n" + command.description + "\n" + commands_below(command, commands);
  std::vector<std::string> groups{"Arguments", Rules().group};
  for (const auto& option : command.options)
    if (std::ranges::find(groups, group_of(option)) == groups.end())
      groups.push_back(group_of(option));
  std::erase(groups, "");
  for (const auto& group : groups)
    text += options(command, group);
  return text + (command.footer.empty() ? "" : "\n" + command.footer + "\n");
}

} // namespace admin
