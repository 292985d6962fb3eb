// SPDX-License-Identifier: ISC
#include "users/line_edit.hpp"

#include <algorithm>
#include <cstddef>

namespace users {

namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t colons_before_extra = 7;

/// The offset of the extra field, or npos when the line has none.
std::size_t extra_of(std::string_view line) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < colons_before_extra; ++i) {
    const auto colon = line.find(':', begin);
    if (colon == line.npos)
      return line.npos;
    begin = colon + 1;
  }
  return begin;
}

std::string_view key_of(std::string_view word) {
  return word.substr(0, word.find('='));
}

/// Calls `visit(word, with_blanks)` for each word, without and with the blanks before it. Gives the
/// blanks after the last word.
template <class Visit> std::string_view each_word(std::string_view extra, Visit visit) {
  for (;;) {
    const auto begin = extra.find_first_not_of(blanks);
    if (begin == extra.npos)
      return extra;
    const auto end = std::min(extra.find_first_of(blanks, begin), extra.size());
    visit(extra.substr(begin, end - begin), extra.substr(0, end));
    extra.remove_prefix(end);
  }
}

} // namespace

std::string with_hash(std::string_view line, std::string_view hash) {
  const auto begin = line.find(':') + 1;
  const auto end = std::min(line.find(':', begin), line.size());
  return std::string(line.substr(0, begin)).append(hash).append(line.substr(end));
}

std::string with_extra(std::string_view line, std::string_view word) {
  std::string text(line);
  const auto extra = extra_of(line);
  if (extra == line.npos)
    text.append(colons_before_extra - static_cast<std::size_t>(std::ranges::count(line, ':')), ':');
  else if (extra < line.size() && blanks.find(line.back()) == blanks.npos)
    text += ' ';
  return text.append(word);
}

std::string without_extra(std::string_view line,
                          const std::function<bool(std::string_view word)>& is_unwanted) {
  const auto extra = extra_of(line);
  if (extra == line.npos)
    return std::string(line);
  std::string text(line.substr(0, extra));
  bool is_first_gone = false;
  const auto keep = [&](std::string_view word, std::string_view with_blanks) {
    const bool is_first = text.size() == extra;
    if (is_unwanted(word))
      is_first_gone = is_first_gone || is_first;
    else
      text.append(is_first && is_first_gone ? word : with_blanks);
  };
  const auto rest = each_word(line.substr(extra), keep);
  return text.append(rest);
}

std::string with_extra_set(std::string_view line, std::string_view key,
                           const std::optional<std::string>& value) {
  if (!value)
    return without_extra(line, [key](std::string_view word) { return key_of(word) == key; });
  const auto wanted = std::string(key) + '=' + *value;
  const auto extra = extra_of(line);
  std::string text(line.substr(0, extra));
  bool is_set = false;
  const auto set = [&](std::string_view word, std::string_view with_blanks) {
    if (key_of(word) != key)
      text.append(with_blanks);
    else if (!is_set)
      text.append(with_blanks.substr(0, with_blanks.size() - word.size())).append(wanted);
    is_set = is_set || key_of(word) == key;
  };
  if (extra != line.npos)
    text.append(each_word(line.substr(extra), set));
  return is_set ? text : with_extra(line, wanted);
}

} // namespace users
