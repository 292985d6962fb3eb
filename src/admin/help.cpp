// SPDX-License-Identifier: ISC
#include "admin/help.hpp"

#include <CLI/CLI.hpp>

namespace admin {

namespace {

constexpr std::size_t column = 32;

/// The command with the names of its parents before it.
std::string whole_name(const CLI::App& app) {
  const auto* parent = app.get_parent();
  return (parent != nullptr ? whole_name(*parent) + " " : "") + app.get_name();
}

void add_row(std::string& text, const std::string& what, const std::string& meaning) {
  auto row = "  " + what;
  if (row.size() + 2 > column)
    row.append("\n");
  row.append(row.ends_with('\n') ? column : column - row.size(), ' ');
  text.append(row).append(meaning).append("\n");
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_name().empty(); });
}

std::string usage(const CLI::App& app) {
  auto text = "Usage: " + whole_name(app);
  if (!commands_of(app).empty())
    return text + " COMMAND [OPTIONS]\n";
  text += " [OPTIONS]";
  for (const auto* option : app.get_options())
    if (option->get_positional())
      text += (option->get_required() ? " " : " [") + option->get_name(true) +
              (option->get_required() ? "" : "]");
  return text + "\n";
}

std::string arguments(const CLI::App& app) {
  std::string text;
  for (const auto* option : app.get_options())
    if (option->get_positional() && !option->get_group().empty())
      add_row(text, option->get_name(true), option->get_description());
  return text.empty() ? text : "\nArguments:\n" + text;
}

/// The option's names without the `{false}` of a negated flag.
std::string names_of(const CLI::Option& option) {
  auto names = option.get_name(false, true);
  for (auto brace = names.find('{'); brace != std::string::npos; brace = names.find('{'))
    names.erase(brace, names.find('}', brace) + 1 - brace);
  return names;
}

std::string options(const CLI::App& app, const std::string& group) {
  std::string text;
  for (const auto* option : app.get_options()) {
    if (option->get_positional() || option->get_group() != group)
      continue;
    const bool takes_value = option->get_type_size() != 0;
    add_row(text, names_of(*option) + (takes_value ? " " + option->get_type_name() : ""),
            option->get_description());
  }
  return text.empty() ? text : "\n" + group + ":\n" + text;
}

void add_commands(std::string& text, const CLI::App& app, const std::string& before) {
  for (const auto* command : commands_of(app)) {
    if (commands_of(*command).empty())
      add_row(text, before + command->get_name(), command->get_description());
    else
      add_commands(text, *command, before + command->get_name() + " ");
  }
}

std::string commands(const CLI::App& app) {
  std::string text;
  add_commands(text, app, "");
  return text.empty() ? text : "\nCommands (each has a --help of its own):\n" + text;
}

} // namespace

std::string Help::make_help(const CLI::App* app, std::string /*name*/,
                            CLI::AppFormatMode /*mode*/) const {
  auto text = usage(*app) + "\n" + app->get_description() + "\n" + arguments(*app) + commands(*app);
  for (const auto& group : app->get_groups())
    if (!group.empty())
      text += options(*app, group);
  const auto footer = app->get_footer();
  return text + (footer.empty() ? "" : "\n" + footer + "\n");
}

} // namespace admin
