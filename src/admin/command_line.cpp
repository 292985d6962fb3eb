// SPDX-License-Identifier: ISC
#include "admin/command_line.hpp"

#include "admin/help.hpp"
#include "admin/misspelling.hpp"
#include "base/near_word.hpp"
#include "base/number.hpp"
#include "base/split.hpp"
#include "config/value_problem.hpp"
#include "configuration_paths.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/algorithm/string/join.hpp>
#include <iostream>

namespace admin {

namespace {

using config::in_quotes;

/// The check of a number: gives the mistake in a text, empty if there is none. CLI11 alone would
/// read 010 as eight.
auto number_within(std::uint32_t least, std::uint32_t most) {
  return [least, most](const std::string& text) -> std::string {
    const auto number = base::parse_unpadded_number<std::uint64_t>(text);
    if (!number)
      return in_quotes(text) + " is not a decimal number";
    if (*number < least || *number > most)
      return in_quotes(text) + " is not from " + std::to_string(least) + " to " +
             std::to_string(most);
    return "";
  };
}

std::string no_value(const std::string& text) {
  return text == "true" ? "" : "takes no value";
}

/// The same for a word of a choice.
auto word_of(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& text) -> std::string {
    if (std::ranges::find(words, text) != words.end())
      return "";
    const std::vector<std::string_view> known(words.begin(), words.end());
    return in_quotes(text) + " is none of " + boost::algorithm::join(words, ", ") +
           base::did_you_mean(text, known);
  };
}

/// Descriptions of checks are empty, as they would become part of the name of the value.
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
        ->check(word_of(base::words_of(value_name, "|")), "");
  case Takes::number: break;
  }
  return app.add_option(name, values.numbers[name])
      ->check(number_within(rules.least, rules.most), "");
}

void declare(CLI::App& app, const Option& option, Values& values) {
  const auto& rules = option.rules;
  const bool may_be_missing = option.form.starts_with('[');
  const auto form = may_be_missing ? option.form.substr(1, option.form.size() - 2) : option.form;
  std::string_view rest = form;
  const std::string name(base::take_field(rest, ' ')), value_name(rest);
  auto* declared = option.is_argument() || !value_name.empty()
                       ? declare_value(app, name, value_name, rules, values)
                       : app.add_flag(name, values.flags[name])->check(no_value, "");
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
}

/// The command that was given, or the group whose command is missing.
const Command& given(const CLI::App& program, const Commands& commands) {
  std::string name;
  for (auto apps = program.get_subcommands(); !apps.empty(); apps = apps[0]->get_subcommands())
    name += (name.empty() ? "" : " ") + apps[0]->get_name();
  return *std::ranges::find(commands, name, &Command::name);
}

/// The text for a mistake that CLI11 has found; first for the words that it left over, as it may
/// take the value of an unknown option for an argument.
std::string problem_with(const CLI::ParseError& error, const Commands& commands,
                         const Command& command, const std::vector<std::string>& left_over,
                         const std::string& last_word) {
  if (!left_over.empty())
    return *problem_with_words(commands, command, left_over);
  return dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr
             ? "no value for " + last_word // is missing only at the end
             : error.what();
}

void print_help(const Command& command, const Commands& commands) {
  std::cout << fitted(help_of(command, commands), output_width());
}

bool asks_for_help(int argc, const char* const* argv) {
  return std::any_of(argv, argv + argc,
                     [](std::string_view word) { return word == "-h" || word == "--help"; });
}

} // namespace

std::optional<Invocation> parse(const Commands& commands, int argc, const char* const* argv) {
  Values values;
  CLI::App program;
  program.fallthrough()->allow_extras();
  program.set_version_flag(version_flag, "sodapop " SODAPOP_VERSION);
  program.set_help_flag(help_flag);
  for (const auto& command : commands)
    declare(program, command, values);
  try {
    program.parse(argc, argv);
    const auto& command = given(program, commands);
    if (const auto problem = problem_with_words(commands, command, program.remaining()))
      throw UsageError(*problem);
    return Invocation{&command, std::move(values)};
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << '\n';
  } catch (const CLI::CallForHelp&) {
    print_help(given(program, commands), commands);
  } catch (const CLI::ParseError& error) {
    const auto& command = given(program, commands);
    if (!asks_for_help(argc, argv))
      throw UsageError(problem_with(error, commands, command, program.remaining(), argv[argc - 1]));
    print_help(command, commands);
  }
  return {};
}

} // namespace admin
