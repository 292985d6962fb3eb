// SPDX-License-Identifier: ISC
// The texts about values that are wrong, and what the administrator has probably meant. Each is one
// line without a full stop, in printable characters of ASCII but for the value that it quotes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace config {

/// `'TEXT'`.
std::string in_quotes(std::string_view text);

/// The problem with a list that base::Networks::parse() refuses: names the network that is wrong.
std::string problem_with_networks(std::string_view list);

/// The problem with the text behind `KEY =` in a file, whatever the setting: quotation marks around
/// it, or a comment behind it. Both would become part of a path or of a name.
std::optional<std::string> problem_with_text(std::string_view value);

/// The end of the problem with a value that a setting refuses: its probable cause, behind `; `.
/// Empty if none is known. `value_name` is that of the setting: it tells the unit of a number.
std::string likely_cause(std::string_view value, std::string_view value_name);

/// The problem with a line that has a control character; tabs are none.
std::optional<std::string> problem_with_characters(std::string_view line);

/// Removes a byte order mark from the beginning of a file; all of `text` if it is UTF-16. Gives the
/// problem if there was one.
std::optional<std::string> take_byte_order_mark(std::string_view& text);

} // namespace config
