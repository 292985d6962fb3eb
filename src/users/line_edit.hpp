// SPDX-License-Identifier: ISC
// Changes one line of the users file in one place; the rest of the line stays byte for byte.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// Each function takes a well-formed line without its end. The result is not checked: the caller
/// calls problem_in().

/// Replaces the second field.
std::string with_hash(std::string_view line, std::string_view hash);

/// Adds a word at the end of the extra field. Missing fields before it become empty ones.
std::string with_extra(std::string_view line, std::string_view word);

/// Removes the words for which `is_unwanted` holds from the extra field, with the blanks before
/// them.
std::string without_extra(std::string_view line,
                          const std::function<bool(std::string_view word)>& is_unwanted);

/// Puts `key=value` in the place of the first word `key` or `key=...`, or at the end when there is
/// none. Removes all other words of that key; without a value, all of them.
std::string with_extra_set(std::string_view line, std::string_view key,
                           const std::optional<std::string>& value);

} // namespace users
