// SPDX-License-Identifier: ISC
// The input is one line.
#include "fuzz/target.hpp"
#include "pop3/command.hpp"

#include <limits>
#include <string>

namespace {

using fuzz::expect;
using pop3::Grammar;
using pop3::SyntaxError;

constexpr std::string_view keywords[] = {"USER", "PASS", "STAT", "LIST", "RETR", "DELE", "NOOP",
                                         "RSET", "QUIT", "TOP",  "UIDL", "LAST", "CAPA", "AUTH"};
constexpr std::string_view largest = "18446744073709551615";

/// The result that the parser should give: either `error` is set or the rest counts.
struct Model {
  std::optional<std::string_view> error;
  std::optional<std::uint64_t> message;
  std::uint64_t lines = 0;
  std::string text;
};

Model refused(std::string_view error) {
  Model model;
  model.error = error;
  return model;
}

std::optional<std::uint64_t> model_number(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0'))
    return {};
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9')
      return {};
    number = number * 10 + static_cast<std::uint64_t>(c - '0'); // may wrap: checked below
  }
  const bool fits =
      text.size() < largest.size() || (text.size() == largest.size() && text <= largest);
  return fits ? std::optional(number) : std::nullopt;
}

std::uint64_t as_message(std::uint64_t number) {
  constexpr std::uint64_t beyond = std::numeric_limits<pop3::MessageNumber>::max();
  return number == 0 || number > beyond ? beyond : number;
}

Model model_message(const std::string& text) {
  for (const char c : text)
    if (c == ' ')
      return refused(SyntaxError::unexpected);
  const auto number = model_number(text);
  if (!number)
    return refused(SyntaxError::no_number);
  Model model;
  model.message = as_message(*number);
  return model;
}

Model model_message_lines(const std::string& text) {
  const auto blank = text.find(' ');
  if (blank == std::string::npos)
    return refused(SyntaxError::missing);
  const auto message = model_number(std::string_view(text).substr(0, blank));
  const auto lines = model_number(std::string_view(text).substr(blank + 1));
  if (!message || !lines)
    return refused(SyntaxError::no_number);
  Model model;
  model.message = as_message(*message);
  model.lines = *lines;
  return model;
}

Model model_words(Grammar grammar, std::string text) {
  while (!text.empty() && text.back() == ' ')
    text.pop_back();
  Model model;
  if (grammar == Grammar::words)
    model.text = text;
  else if (text.empty() && (grammar == Grammar::message || grammar == Grammar::message_lines))
    model.error = SyntaxError::missing;
  else if (!text.empty() && grammar == Grammar::none)
    model.error = SyntaxError::unexpected;
  else if (!text.empty())
    return grammar == Grammar::message_lines ? model_message_lines(text) : model_message(text);
  return model;
}

Model model_of(Grammar grammar, std::optional<std::string_view> rest) {
  if (grammar != Grammar::text)
    return model_words(grammar, std::string(rest.value_or("")));
  if (!rest)
    return refused(SyntaxError::missing);
  Model model;
  model.text = *rest;
  return model;
}

void check_arguments(Grammar grammar, std::optional<std::string_view> rest) {
  const auto model = model_of(grammar, rest);
  const auto parsed = pop3::parse_arguments(grammar, rest);
  expect(parsed.has_value() == !model.error, "the parser and the model agree on acceptance");
  if (!parsed) {
    expect(parsed.error() == *model.error, "the parser and the model give the same reason");
    return;
  }
  expect(parsed->message.has_value() == model.message.has_value(), "a message number or none");
  expect(!model.message || *parsed->message == *model.message, "the same message number");
  expect(!parsed->message || *parsed->message != 0, "no message has the number 0");
  expect(parsed->lines == model.lines, "the same number of lines");
  expect(parsed->text == model.text, "the same text");
}

void check_keyword(const pop3::Command& command) {
  std::string capitals(command.keyword);
  for (char& c : capitals)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  for (const auto name : keywords)
    expect(command.is(name) == (capitals == name), "keywords are compared without case");
}

void try_input(fuzz::Input input) {
  const std::string line(input.rest());
  const auto command = pop3::parse_command(line);
  expect(command.keyword.find(' ') == std::string_view::npos, "a keyword has no blank");
  const auto rest = command.rest ? " " + std::string(*command.rest) : "";
  expect(std::string(command.keyword) + rest == line, "the two halves make the line");
  check_keyword(command);
  for (const auto grammar : {Grammar::none, Grammar::optional_message, Grammar::message,
                             Grammar::message_lines, Grammar::text, Grammar::words})
    check_arguments(grammar, command.rest);
}

const fuzz::Target target("command", try_input);

} // namespace
