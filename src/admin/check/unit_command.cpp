// SPDX-License-Identifier: ISC
#include "admin/check/unit_command.hpp"

#include "admin/check/key_values.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace admin {

namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

/// Takes the number of exactly `digits` digits at the beginning of `rest`.
std::optional<char> take_octet(std::string_view& rest, std::size_t digits, int radix) {
  unsigned value = 0;
  const auto text = rest.substr(0, digits);
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value, radix);
  if (error != std::errc() || end != text.end() || text.size() != digits || value > 0xff)
    return {};
  rest.remove_prefix(digits);
  return static_cast<char>(value);
}

/// Takes what follows a backslash. An unknown escape stays as it is, with its backslash.
std::string take_escaped(std::string_view& rest) {
  constexpr std::string_view names = "abfnrtv\\\"'s;", octets = "\a\b\f\n\r\t\v\\\"' ;";
  const auto mark = rest.empty() ? '\\' : rest.front();
  if (const auto place = names.find(mark); place != names.npos) {
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
    return {octets[place]};
  }
  auto digits = rest.substr(mark == 'x' ? 1 : 0);
  const auto octet = mark == 'x' ? take_octet(digits, 2, 16) : take_octet(digits, 3, 8);
  if (!octet)
    return "\\";
  rest = digits;
  return {*octet};
}

/// Takes a word with the quotes around it.
std::string take_quoted_word(std::string_view& rest) {
  std::string word;
  char quote = 0;
  while (!rest.empty() && (quote != 0 || (rest.front() != ' ' && rest.front() != '\t'))) {
    const char letter = rest.front();
    rest.remove_prefix(1);
    if (letter == '\\')
      word += take_escaped(rest);
    else if (letter == quote)
      quote = 0;
    else if (quote == 0 && (letter == '"' || letter == '\''))
      quote = letter;
    else
      word += letter;
  }
  return word;
}

/// The variables that Environment= and the files of EnvironmentFile= set.
Variables variables_of(const Unit& service) {
  std::vector<std::string> assignments;
  for (const auto& entry : service.list("Service", "Environment"))
    std::ranges::copy(quoted_words(without_specifiers(entry.value, service.name)),
                      std::back_inserter(assignments));
  for (const auto& entry : service.list("Service", "EnvironmentFile"))
    for (const auto& line : lines_of(entry.value.substr(entry.value.starts_with('-') ? 1 : 0)))
      if (const auto words = quoted_words(line); !words.empty() && !line.starts_with('#'))
        assignments.push_back(words.front());
  Variables variables;
  for (std::string_view rest : assignments) {
    const auto name = base::take_field(rest, '=');
    variables.insert_or_assign(std::string(name), rest);
  }
  return variables;
}

/// `${NAME}` is replaced inside a word. `$NAME` is a word of its own, and becomes the words of its
/// value.
std::vector<std::string> replaced(const std::string& word, const Variables& variables) {
  const auto value_of = [&](std::string_view name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
  };
  if (word.starts_with('$') && !word.starts_with("${") && !word.starts_with("$$"))
    return base::words_of(value_of(std::string_view(word).substr(1)));
  std::string text;
  for (std::string_view rest = word; !rest.empty();) {
    if (base::take_prefix(rest, "${"))
      text += value_of(base::take_field(rest, '}'));
    else if (base::take_prefix(rest, "$$"))
      text += '$';
    else {
      text += rest.front();
      rest.remove_prefix(1);
    }
  }
  return {text};
}

} // namespace

std::vector<std::string> quoted_words(std::string_view text) {
  std::vector<std::string> words;
  for (auto rest = base::trimmed(text); !rest.empty(); rest = base::trimmed(rest))
    words.push_back(take_quoted_word(rest));
  return words;
}

std::string without_specifiers(std::string_view text, const std::string& unit_name) {
  const auto stem = unit_name.substr(0, unit_name.rfind('.'));
  const auto at = std::min(stem.find('@'), stem.size());
  const std::map<char, std::string> values{
      {'t', "/run"},       {'S', "/var/lib"},
      {'C', "/var/cache"}, {'L', "/var/log"},
      {'E', "/etc"},       {'n', unit_name},
      {'N', stem},         {'p', stem.substr(0, at)},
      {'%', "%"},          {'i', stem.substr(std::min(at + 1, stem.size()))}};
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto value = values.find(text[i] == '%' && i + 1 < text.size() ? text[i + 1] : 0);
    if (value == values.end()) {
      all += text[i];
    } else {
      all += value->second;
      ++i;
    }
  }
  return all;
}

std::vector<std::string> command_of(const Unit& service) {
  return command_in(service, service.value("Service", "ExecStart"));
}

std::vector<std::string> command_in(const Unit& service, const std::string& line) {
  const auto marks = std::min(line.find_first_not_of("-@:+!"), line.size());
  const auto has_mark = [&](char mark) { return line.find(mark) < marks; };
  const auto variables = variables_of(service);
  std::vector<std::string> command;
  for (const auto& word : quoted_words(line.substr(marks))) {
    if (word == ";")
      break; // another command follows
    const auto text = without_specifiers(word, service.name);
    std::ranges::move(has_mark(':') ? std::vector{text} : replaced(text, variables),
                      std::back_inserter(command));
  }
  if (has_mark('@') && command.size() > 1)
    command.erase(command.begin() + 1); // the name that the program is told
  return command;
}

} // namespace admin
