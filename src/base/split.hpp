// SPDX-License-Identifier: ISC
// Takes text apart at its separators.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Takes the text up to the first of the characters `separators`, and that character, off the front
/// of `text`; all of `text` when it has none. A separator at the end leaves the same empty rest as
/// no separator.
inline std::string_view take_field(std::string_view& text, std::string_view separators) {
  const auto field = text.substr(0, text.find_first_of(separators));
  text.remove_prefix(std::min(field.size() + 1, text.size()));
  return field;
}

/// The text without blanks, tabs and carriage returns around it.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// The words of a text, with any number of blanks and tabs between and around them.
inline std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty())
    if (const auto word = take_field(text, " \t"); !word.empty())
      words.emplace_back(word);
  return words;
}

} // namespace base
