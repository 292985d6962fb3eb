// SPDX-License-Identifier: ISC
#include "admin/shell_word.hpp"

#include <algorithm>

namespace admin {

namespace {

constexpr std::string_view bare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789._-+@%/:=";

bool is_plain(char c) {
  return bare.find(c) != bare.npos;
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

std::string octal(unsigned char c) {
  return {'\\', static_cast<char>('0' + c / 64), static_cast<char>('0' + c / 8 % 8),
          static_cast<char>('0' + c % 8)};
}

std::string in_apostrophes(std::string_view text) {
  std::string word = "'";
  for (const char c : text)
    word += c == '\'' ? std::string("'\"'\"'") : std::string(1, c);
  return word + "'";
}

/// printf(1) reads `\` and three octal digits as an octet, and `%%` as a percent sign.
std::string by_printf(std::string_view text) {
  std::string word = "\"$(printf '";
  for (const char c : text)
    if (c == '%')
      word += "%%";
    else
      word += is_plain(c) ? std::string(1, c) : octal(static_cast<unsigned char>(c));
  return word + "')\"";
}

} // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain))
    return std::string(text);
  return std::ranges::all_of(text, is_printable) ? in_apostrophes(text) : by_printf(text);
}

} // namespace admin
