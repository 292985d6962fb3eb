// SPDX-License-Identifier: ISC
#include "admin/command_line.hpp"

#include "admin/help.hpp"
#include "base/split.hpp"
#include "configuration_paths.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

namespace admin {

namespace {

/// The words of the name of a value, such as `yes|no`.
std::vector<std::string> choices_in(std::string_view value_name) {
  std::vector<std::string> words;
  while (!value_name.empty())
    words.emplace_back(base::take_field(value_name, '|'));
  return words;
}

/// The mistake in `text`; empty if there is none. CLI11 alone would read 010 as eight.
std::string decimal(const std::string& text) {
  const bool is = base::parse_unpadded_number<std::uint64_t>(text).has_value();
  return is ? "" : "not a decimal number: " + text;
}

/// Without its description, which would become part of the name of the value.
CLI::Validator unnamed(CLI::Validator check) {
  return check.description("");
}

CLI::Option* declare_value(CLI::App& app, const std::string& name, const std::string& value_name,
                           const Rules& rules, Values& values) {
  if (rules.assign)
    return app.add_option_function<std::string>(name, [&rules](const std::string& text) {
      if (const auto problem = rules.assign(text))
        throw CLI::ValidationError(*problem);
    });
  switch (rules.takes) {
  case Takes::text: return app.add_option(name, values.texts[name]);
  case Takes::texts: return app.add_option(name, values.lists[name])->allow_extra_args(false);
  case Takes::word:
    return app.add_option(name, values.texts[name])
        ->check(unnamed(CLI::IsMember(choices_in(value_name))));
  case Takes::number: break;
  }
  auto* option = app.add_option(name, values.numbers[name]);
  if (rules.most < UINT32_MAX)
    option->check(unnamed(CLI::Range(rules.least, rules.most)));
  return option->check(decimal, "");
}

CLI::Option* declare_flag(CLI::App& app, const std::string& names, Values& values) {
  auto& value = values.flags[names.substr(0, names.find(','))];
  value = names.find('!') != names.npos;
  return app.add_flag(names, value);
}

void declare(CLI::App& app, const Option& option, Values& values) {
  const auto& rules = option.rules;
  const bool may_be_missing = option.form.starts_with('[');
  const auto form = may_be_missing ? option.form.substr(1, option.form.size() - 2) : option.form;
  std::string_view rest = form;
  const std::string name(base::take_field(rest, ' ')), value_name(rest);
  auto* declared = option.is_argument() || !value_name.empty()
                       ? declare_value(app, name, value_name, rules, values)
                       : declare_flag(app, name, values);
  declared->required(option.is_argument() && !may_be_missing);
  if (!value_name.empty())
    declared->type_name(value_name);
  if (!rules.with.empty())
    app.get_option(rules.with)->needs(declared->needs(rules.with));
  if (!rules.without.empty())
    declared->excludes(rules.without);
  if (!rules.instead_of.empty())
    app.require_option(1)->get_option(rules.instead_of)->excludes(declared);
}

/// Declares a command below its group, or the program itself.
void declare(CLI::App& program, const Command& command, Values& values) {
  auto* app = &program;
  const auto words = base::words_of(command.name);
  for (const auto& word : words)
    app = &word == &words.back() ? app->add_subcommand(word) : app->get_subcommand(word);
  for (const auto& option : command.options)
    declare(*app, option, values);
  if (!command.run)
    app->require_subcommand(1);
}

/// The command that was given, or the group whose command is missing.
const Command& given(const CLI::App& program, const std::vector<Command>& commands) {
  std::string name;
  for (auto apps = program.get_subcommands(); !apps.empty(); apps = apps[0]->get_subcommands())
    name += (name.empty() ? "" : " ") + apps[0]->get_name();
  return *std::ranges::find(commands, name, &Command::name);
}

} // namespace

Options operator+(Options first, const Options& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::optional<Invocation> parse(const std::vector<Command>& commands, int argc,
                                const char* const* argv) {
  Values values;
  CLI::App program;
  program.fallthrough();
  program.set_version_flag(version_flag, "sodapop " SODAPOP_VERSION);
  program.set_help_flag(help_flag);
  for (const auto& command : commands)
    declare(program, command, values);
  try {
    program.parse(argc, argv);
    return Invocation{&given(program, commands), std::move(values)};
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << '\n';
  } catch (const CLI::CallForHelp&) {
    std::cout << help_of(given(program, commands), commands);
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  return {};
}

} // namespace admin
