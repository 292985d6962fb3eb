// SPDX-License-Identifier: ISC
// The table of a state's commands, and the function that looks up a command and runs it.
#pragma once

#include "pop3/command.hpp"
#include "pop3/reply.hpp"

#include <span>
#include <string_view>

namespace pop3 {

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
