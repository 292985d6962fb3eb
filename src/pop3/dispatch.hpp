// SPDX-License-Identifier: ISC
// A state's table of commands, and the one way to walk it.
#pragma once

#include "pop3/command.hpp"
#include "pop3/reply.hpp"

#include <span>
#include <string_view>

namespace pop3 {

/// A command is a row of its state's table; what is illegal in a state is not in that table.
template <class State> struct Row {
  std::string_view keyword;
  Grammar grammar;
  Reply (State::*handler)(const Arguments&);
};

inline std::string_view description(SyntaxError error) {
  switch (error) {
  case SyntaxError::unexpected: return "too many arguments";
  case SyntaxError::missing: return "argument missing";
  case SyntaxError::no_number: return "not a number";
  }
  return "syntax error";
}

/// Answers `command` by its row's handler; a bad_command() reply for an unknown keyword or
/// arguments that do not fit the row.
template <class State>
Reply dispatch(State& state, std::span<const Row<State>> table, const Command& command) {
  for (const auto& row : table) {
    if (!command.is(row.keyword))
      continue;
    const auto arguments = parse_arguments(row.grammar, command.rest);
    if (!arguments)
      return bad_command(std::string(row.keyword) + ": " +
                         std::string(description(arguments.error())));
    return (state.*row.handler)(*arguments);
  }
  return bad_command("unknown command, or not in this state");
}

} // namespace pop3
