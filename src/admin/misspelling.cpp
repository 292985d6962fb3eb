// SPDX-License-Identifier: ISC
#include "admin/misspelling.hpp"

#include "base/near_word.hpp"
#include "config/value_problem.hpp"

#include <algorithm>
#include <boost/algorithm/string/join.hpp>

namespace admin {

namespace {

using config::in_quotes;
using WordViews = std::vector<std::string_view>;

bool is_option(std::string_view word) {
  return word.starts_with('-');
}

/// The words that may follow a group, or the program's name.
WordViews next_words(const Commands& commands, const Command& group) {
  const auto start = group.name.empty() ? "" : group.name + " ";
  WordViews words;
  for (const auto& command : commands) {
    std::string_view rest = command.name;
    if (rest.size() <= start.size() || !rest.starts_with(start))
      continue;
    rest = rest.substr(start.size());
    rest = rest.substr(0, rest.find(' '));
    if (std::ranges::find(words, rest) == words.end())
      words.push_back(rest);
  }
  return words;
}

std::string list_of(const WordViews& words) {
  return boost::algorithm::join(std::vector<std::string>(words.begin(), words.end()), ", ");
}

/// Without a near command, all that may stand there are named.
std::string problem_with_command(const Commands& commands, const Command& group,
                                 std::string_view word) {
  const auto start = group.name.empty() ? "" : group.name + " ";
  const auto problem = "no command " + in_quotes(start + std::string(word));
  const auto next = next_words(commands, group);
  if (const auto meant = base::near_word(word, next))
    return problem + "; did you mean " + start + std::string(*meant) + "?";
  WordViews names; // as the group may be misspelt, too
  for (const auto& command : commands)
    names.push_back(command.name);
  const auto meant = base::did_you_mean(start + std::string(word), names);
  return problem + (meant.empty() ? "; there are " + start + list_of(next) : meant);
}

std::string missing_command(const Commands& commands, const Command& group) {
  return (group.name.empty() ? "no command is given" : group.name + " needs a command") + ": " +
         list_of(next_words(commands, group));
}

void add_names(WordViews& names, const Command& command) {
  for (const auto& option : command.options)
    if (!option.is_argument())
      names.push_back(std::string_view(option.form).substr(0, option.form.find(' ')));
}

std::string problem_with_option(const Command& program, const Command& given,
                                std::string_view word) {
  const auto name = word.substr(0, word.find('='));
  WordViews names{"--help"};
  add_names(names, given);
  if (std::ranges::find(names, name) != names.end())
    return in_quotes(name) + " belongs behind the command " + given.name;
  if (&given != &program)
    add_names(names, program);
  return (given.name.empty() ? "no option " + in_quotes(name)
                             : given.name + " has no option " + in_quotes(name)) +
         base::did_you_mean(name, names);
}

} // namespace

std::optional<std::string> problem_with_words(const Commands& commands, const Command& given,
                                              const std::vector<std::string>& unknown) {
  const bool is_group = !given.run;
  if (is_group && !unknown.empty() && !is_option(unknown.front()))
    return problem_with_command(commands, given, unknown.front());
  const auto option = std::ranges::find_if(unknown, is_option);
  if (option != unknown.end())
    return problem_with_option(commands.front(), given, *option);
  if (is_group)
    return missing_command(commands, given);
  if (!unknown.empty())
    return "unexpected word " + in_quotes(unknown.front());
  return {};
}

} // namespace admin
