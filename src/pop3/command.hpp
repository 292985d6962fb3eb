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

} // namespace pop3
