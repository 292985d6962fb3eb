// SPDX-License-Identifier: ISC
// A line of the client as a command: keyword and arguments (RFC 1939 section 3).
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pop3 {

/// Messages are numbered from 1 (RFC 1939 section 4).
using MessageNumber = std::uint32_t;

/// The two halves of a line, both views into it.
struct Command {
  std::string_view keyword;
  /// What follows the first blank, blanks included; nothing when there is no blank.
  std::optional<std::string_view> rest;

  /// Keywords are compared without regard to case (RFC 1939 section 3); `name` is in upper case.
  bool is(std::string_view name) const;
};

/// Never fails: a line without a sensible keyword is a command that no table has.
Command parse_command(std::string_view line);

/// What may follow a keyword.
enum class Grammar {
  none,             ///< nothing
  optional_message, ///< [msg]
  message,          ///< msg
  message_lines,    ///< msg n
  text,             ///< one argument that may hold blanks
  words             ///< anything; the command looks at it itself
};

struct Arguments {
  std::optional<MessageNumber> message;
  std::uint64_t lines = 0;
  std::string_view text;
};

enum class SyntaxError {
  unexpected, ///< An argument where none belongs.
  missing,    ///< An argument is missing.
  no_number   ///< Not 1 to 20 digits without sign, leading zero or rubbish, or over 2^64 - 1.
};

/// Reads `rest` as `grammar` asks. Blanks at the end are forgiven except in `text`. A message
/// number that no maildrop can have reads as the largest MessageNumber.
base::Result<Arguments, SyntaxError> parse_arguments(Grammar grammar,
                                                     std::optional<std::string_view> rest);

} // namespace pop3
