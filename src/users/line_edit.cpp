// SPDX-License-Identifier: ISC
#include "users/line_edit.hpp"

#include "users/user.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace users {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view key_of(std::string_view word) {
  return word.substr(0, word.find('='));
}

/// Gives the line with what `become` makes of each word of its extra field. Where it gives nothing,
/// the word is removed with the blanks before it, or those behind it when it is the first.
template <class Become> std::string with_words(std::string_view line, Become become) {
  auto extra = extra_field(line);
  std::string text(line.substr(0, line.size() - extra.size()));
  bool has_word = false, is_first_gone = false;
  for (auto begin = extra.find_first_not_of(blanks); begin != extra.npos;
       begin = extra.find_first_not_of(blanks)) {
    const auto end = std::min(extra.find_first_of(blanks, begin), extra.size());
    const std::optional<std::string> word = become(extra.substr(begin, end - begin));
    if (word)
      text.append(is_first_gone && !has_word ? "" : extra.substr(0, begin)).append(*word);
    has_word = has_word || word;
    is_first_gone = is_first_gone || !has_word;
    extra.remove_prefix(end);
  }
  return text.append(extra);
}

} // namespace

std::string with_hash(std::string_view line, std::string_view hash) {
  const auto begin = line.find(':') + 1;
  const auto end = std::min(line.find(':', begin), line.size());
  return std::string(line.substr(0, begin)).append(hash).append(line.substr(end));
}

std::string with_extra(std::string_view line, std::string_view word) {
  constexpr std::ptrdiff_t colons_before_extra = 7;
  const auto missing = colons_before_extra - std::ranges::count(line, ':');
  const auto extra = extra_field(line);
  std::string text(line);
  text.append(static_cast<std::size_t>(std::max<std::ptrdiff_t>(missing, 0)), ':');
  if (!extra.empty() && blanks.find(extra.back()) == blanks.npos)
    text += ' ';
  return text.append(word);
}

std::string without_extra(std::string_view line,
                          const std::function<bool(std::string_view word)>& is_unwanted) {
  return with_words(line, [&](std::string_view word) {
    return is_unwanted(word) ? std::nullopt : std::optional<std::string>(word);
  });
}

std::string with_extra_set(std::string_view line, std::string_view key,
                           const std::optional<std::string>& value) {
  if (!value)
    return without_extra(line, [key](std::string_view word) { return key_of(word) == key; });
  const auto wanted = std::string(key) + '=' + *value;
  bool is_set = false;
  auto text = with_words(line, [&](std::string_view word) {
    if (key_of(word) != key)
      return std::optional<std::string>(word);
    return std::exchange(is_set, true) ? std::nullopt : std::optional(wanted);
  });
  return is_set ? text : with_extra(line, wanted);
}

} // namespace users
