// SPDX-License-Identifier: ISC
// Decimal numbers as text, without the locale and the blanks that strtol(3) accepts.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace base {

/// The number that is all of `text`. Nothing when `text` is empty, has a character that is no
/// digit (a minus sign before a signed Number excepted), or is a number beyond Number.
template <class Number> std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end)
    return {};
  return number;
}

/// The same, and nothing for a number with a leading zero, which some readers take for octal.
template <class Number> std::optional<Number> parse_unpadded_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '0')
    return {};
  return parse_number<Number>(text);
}

} // namespace base
