// SPDX-License-Identifier: ISC
#include "admin/command_line.hpp"

#include "admin/help.hpp"
#include "base/number.hpp"
#include "configuration_paths.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <sstream>

namespace admin {

namespace {

/// The words of the name of a value, such as `yes|no`.
std::vector<std::string> words_of(const std::string& value_name) {
  std::vector<std::string> words;
  std::istringstream in(value_name);
  for (std::string word; std::getline(in, word, '|');)
    words.push_back(word);
  return words;
}

/// The mistake in `text`; empty if there is none. CLI11 alone would read 010 as eight.
std::string decimal(const std::string& text) {
  const bool is = base::parse_unpadded_number<std::uint64_t>(text).has_value();
  return is ? "" : "not a decimal number: " + text;
}

/// Declares an option by the type of its target. The descriptions of the checks are empty, as they
/// would be part of the name of the value.
struct Declaration {
  CLI::App& app;
  std::string name, value_name;

  CLI::Option* operator()(bool* target) const { return app.add_flag(name, *target); }
  template <class Value> CLI::Option* operator()(Value* target) const {
    return app.add_option(name, *target)->allow_extra_args(false);
  }
  CLI::Option* operator()(std::optional<std::uint32_t>* target) const {
    return app.add_option(name, *target)->check(decimal, "");
  }
  CLI::Option* operator()(const Number& number) const {
    return app.add_option(name, *number.value)
        ->check(CLI::Validator(CLI::Range(number.least, number.most)).description(""))
        ->check(decimal, "");
  }
  CLI::Option* operator()(const Choice& choice) const {
    return app.add_option(name, *choice.value)
        ->check(CLI::Validator(CLI::IsMember(words_of(value_name))).description(""));
  }
  CLI::Option* operator()(const Assign& assign) const {
    return app.add_option_function<std::string>(name, [assign](const std::string& text) {
      if (const auto problem = assign(text))
        throw CLI::ValidationError(*problem);
    });
  }
};

void declare(CLI::App& app, const Option& option) {
  const bool may_be_missing = option.form.starts_with('[');
  const auto form = may_be_missing ? option.form.substr(1, option.form.size() - 2) : option.form;
  const auto name = form.substr(0, form.find(' '));
  const auto value_name = form.substr(std::min(name.size() + 1, form.size()));
  auto* declared = std::visit(Declaration{app, name, value_name}, option.target);
  declared->required(option.is_argument() && !may_be_missing);
  if (!value_name.empty())
    declared->type_name(value_name);
  if (!option.rules.with.empty())
    app.get_option(option.rules.with)->needs(declared->needs(option.rules.with));
  if (!option.rules.without.empty())
    declared->excludes(option.rules.without);
  if (!option.rules.instead_of.empty())
    app.require_option(1)->get_option(option.rules.instead_of)->excludes(declared);
}

/// Declares a command below its group, or the program itself.
void declare(CLI::App& program, const Command& command) {
  auto* app = &program;
  std::istringstream words(command.name);
  for (std::string word; words >> word;)
    app = words.eof() ? app->add_subcommand(word) : app->get_subcommand(word);
  for (const auto& option : command.options)
    declare(*app, option);
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

const Command* parse(const std::vector<Command>& commands, int argc, const char* const* argv) {
  CLI::App program;
  program.fallthrough();
  program.set_version_flag(version_flag, "sodapop " SODAPOP_VERSION);
  program.set_help_flag(help_flag);
  for (const auto& command : commands)
    declare(program, command);
  try {
    program.parse(argc, argv);
    return &given(program, commands);
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << '\n';
  } catch (const CLI::CallForHelp&) {
    std::cout << help_of(given(program, commands), commands);
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  return nullptr;
}

} // namespace admin
