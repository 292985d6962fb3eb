// SPDX-License-Identifier: ISC
#include "pop3/command.hpp"

#include "base/ascii.hpp"
#include "base/number.hpp"

#include <algorithm>
#include <limits>

namespace pop3 {

namespace {

using Parsed = base::Result<Arguments, std::string_view>;

/// Zero is no message number: it becomes a number that no maildrop has.
std::optional<MessageNumber> parse_message(std::string_view text) {
  constexpr std::uint64_t beyond = std::numeric_limits<MessageNumber>::max();
  const auto number = base::parse_unpadded_number<std::uint64_t>(text);
  if (!number)
    return {};
  return static_cast<MessageNumber>(*number == 0 ? beyond : std::min(*number, beyond));
}

/// Parses a message number or, `with_lines`, a message number, a blank and a number of lines.
Parsed parse_numbers(std::string_view text, bool with_lines) {
  const auto blank = text.find(' ');
  if (with_lines != (blank != text.npos))
    return base::Refused{with_lines ? SyntaxError::missing : SyntaxError::unexpected};
  const auto message = parse_message(text.substr(0, blank));
  const auto lines =
      base::parse_unpadded_number<std::uint64_t>(with_lines ? text.substr(blank + 1) : "0");
  if (!message || !lines)
    return base::Refused{SyntaxError::no_number};
  return Arguments{message, *lines, {}};
}

} // namespace

bool Command::is(std::string_view name) const {
  return base::equal_ignoring_case(keyword, name);
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
  const auto given = rest.value_or("");
  const auto text = given.substr(0, given.find_last_not_of(' ') + 1); // npos + 1 is 0
  if (grammar == Grammar::words)
    return Arguments{{}, 0, text};
  if (text.empty() && (grammar == Grammar::none || grammar == Grammar::optional_message))
    return Arguments{};
  if (text.empty())
    return base::Refused{SyntaxError::missing};
  if (grammar == Grammar::none)
    return base::Refused{SyntaxError::unexpected};
  return parse_numbers(text, grammar == Grammar::message_lines);
}

} // namespace pop3
