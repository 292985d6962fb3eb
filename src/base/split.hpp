// SPDX-License-Identifier: ISC
// Takes text apart.
#pragma once

#include "base/number.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// The text before the first of `ends`, or all of it. Removes it and that separator from `text`. A
/// separator at the end leaves the same empty rest as no separator. `ends`: one character, or
/// several as a string.
template <class Ends> std::string_view take_field(std::string_view& text, const Ends& ends) {
  const auto field = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(std::min(field.size() + 1, text.size()));
  return field;
}

/// Removes `expected` from the beginning of `text`. False when `text` begins otherwise.
inline bool take_prefix(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected))
    return false;
  text.remove_prefix(expected.size());
  return true;
}

/// Takes a line that begins with `label`, with its end, and gives what is between them. Nothing,
/// and `text` unchanged, when `text` begins otherwise or has no line end.
inline std::optional<std::string_view> take_line(std::string_view& text, std::string_view label) {
  if (text.find('\n') == text.npos || !take_prefix(text, label))
    return {};
  return take_field(text, '\n');
}

/// The same for a line with a number; nothing when parse_number refuses it.
template <class Number>
std::optional<Number> take_number_line(std::string_view& text, std::string_view label) {
  const auto digits = take_line(text, label);
  return digits ? parse_number<Number>(*digits) : std::nullopt;
}

/// The text without the characters of `blanks` around it.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r") {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// The words of a text, with any number of `ends`, else blanks and tabs, between and around them.
inline std::vector<std::string> words_of(std::string_view text, std::string_view ends = " \t") {
  std::vector<std::string> words;
  while (!text.empty())
    if (const auto word = take_field(text, ends); !word.empty())
      words.emplace_back(word);
  return words;
}

} // namespace base
