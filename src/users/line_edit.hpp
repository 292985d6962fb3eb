// SPDX-License-Identifier: ISC
// One line of the users file, changed in one place; the rest of it stays byte for byte.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// Each takes a well-formed line without its end. What comes out is not checked: the caller asks
/// problem_in().

/// Another second field.
std::string with_hash(std::string_view line, std::string_view hash);

/// One more word at the end of the extra field. Fields that are missing before it become empty
/// ones.
std::string with_extra(std::string_view line, std::string_view word);

/// The extra field without the words for which `is_unwanted` holds, and without the blanks before
/// them.
std::string without_extra(std::string_view line,
                          const std::function<bool(std::string_view word)>& is_unwanted);

/// `key=value` in the place of the first word `key` or `key=...`, at the end where there is none;
/// no other word of that key is left. Nothing as a value leaves none at all.
std::string with_extra_set(std::string_view line, std::string_view key,
                           const std::optional<std::string>& value);

} // namespace users
