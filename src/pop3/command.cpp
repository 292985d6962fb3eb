// SPDX-License-Identifier: ISC
#include "pop3/command.hpp"

#include "base/number.hpp"

#include <algorithm>
#include <limits>

namespace pop3 {

namespace {

using Parsed = base::Result<Arguments, SyntaxError>;

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  return base::parse_unpadded_number<std::uint64_t>(text);
}

/// Zero is no message number: it becomes a number that no maildrop has.
std::optional<MessageNumber> parse_message(std::string_view text) {
  constexpr std::uint64_t beyond = std::numeric_limits<MessageNumber>::max();
  const auto number = parse_number(text);
  if (!number)
    return {};
  return static_cast<MessageNumber>(*number == 0 ? beyond : std::min(*number, beyond));
}

Parsed message_only(std::string_view text) {
  if (text.find(' ') != text.npos)
    return base::Refused{SyntaxError::unexpected};
  const auto message = parse_message(text);
  if (!message)
    return base::Refused{SyntaxError::no_number};
  return Arguments{message, 0, {}};
}

Parsed message_and_lines(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == text.npos)
    return base::Refused{SyntaxError::missing};
  const auto message = parse_message(text.substr(0, blank));
  const auto lines = parse_number(text.substr(blank + 1));
  if (!message || !lines)
    return base::Refused{SyntaxError::no_number};
  return Arguments{message, *lines, {}};
}

std::string_view without_end_blanks(std::string_view text) {
  const auto last = text.find_last_not_of(' ');
  return last == text.npos ? std::string_view() : text.substr(0, last + 1);
}

} // namespace

bool Command::is(std::string_view name) const {
  return std::equal(keyword.begin(), keyword.end(), name.begin(), name.end(),
                    [](char given, char wanted) { return upper(given) == wanted; });
}

Command parse_command(std::string_view line) {
  const auto blank = line.find(' ');
  if (blank == line.npos)
    return {line, {}};
  return {line.substr(0, blank), line.substr(blank + 1)};
}

Parsed parse_arguments(Grammar grammar, std::optional<std::string_view> rest) {
  if (grammar == Grammar::text) {
    if (!rest)
      return base::Refused{SyntaxError::missing};
    return Arguments{{}, 0, *rest};
  }
  const auto text = without_end_blanks(rest.value_or(""));
  if (grammar == Grammar::words)
    return Arguments{{}, 0, text};
  if (text.empty()) {
    if (grammar == Grammar::none || grammar == Grammar::optional_message)
      return Arguments{};
    return base::Refused{SyntaxError::missing};
  }
  if (grammar == Grammar::none)
    return base::Refused{SyntaxError::unexpected};
  return grammar == Grammar::message_lines ? message_and_lines(text) : message_only(text);
}

} // namespace pop3
