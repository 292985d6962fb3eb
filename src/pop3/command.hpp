// SPDX-License-Identifier: ISC
// Commands: a line of the client as keyword and arguments (RFC 1939 section 3), and the table in
// which a state looks the keyword up.
#pragma once

#include "base/result.hpp"
#include "pop3/reply.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pop3 {

/// The two halves of a line, both views into it.
struct Command {
  std::string_view keyword;
  /// All behind the first blank, further blanks included; nothing when there is no blank.
  std::optional<std::string_view> rest;

  /// Keywords are compared without regard to case (RFC 1939 section 3); `name` is in upper case.
  bool is(std::string_view name) const;
};

/// Never fails: a line without a sensible keyword becomes a command that is in no table.
Command parse_command(std::string_view line);

/// The arguments that may follow a keyword.
enum class Grammar {
  none,             ///< nothing
  optional_message, ///< [msg]
  message,          ///< msg
  message_lines,    ///< msg n
  text,             ///< one argument that may hold blanks
  words             ///< any text; the command's handler parses it
};

struct Arguments {
  std::optional<MessageNumber> message;
  std::uint64_t lines = 0;
  std::string_view text;
};

/// What can be wrong with arguments, in words for the reply.
struct SyntaxError {
  static constexpr std::string_view unexpected = "too many arguments";
  static constexpr std::string_view missing = "argument missing";
  /// Not 1 to 20 decimal digits, or with a leading zero, or over 2^64 - 1.
  static constexpr std::string_view no_number = "not a number";
};

/// Parses `rest` as `grammar` says, or gives a SyntaxError. Ignores blanks at the end, except with
/// Grammar::text. A message number that no maildrop can have becomes the largest MessageNumber.
base::Result<Arguments, std::string_view> parse_arguments(Grammar grammar,
                                                          std::optional<std::string_view> rest);

/// A command in the table of its state. A command that is illegal in a state is not in its table.
template <class State> struct Row {
  std::string_view keyword;
  Grammar grammar;
  Reply (State::*handler)(const Arguments&);
};

/// Calls the handler in the row of `command`. Gives a bad_command() reply for an unknown keyword or
/// for arguments that do not fit the row.
template <class State>
Reply dispatch(State& state, std::span<const Row<State>> table, const Command& command) {
  for (const auto& row : table) {
    if (!command.is(row.keyword))
      continue;
    const auto arguments = parse_arguments(row.grammar, command.rest);
    if (!arguments)
      return bad_command(std::string(row.keyword).append(": ").append(arguments.error()));
    return (state.*row.handler)(*arguments);
  }
  return bad_command("unknown command, or not in this state");
}

} // namespace pop3
