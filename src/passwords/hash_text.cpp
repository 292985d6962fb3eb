// SPDX-License-Identifier: ISC
#include "passwords/hash_text.hpp"

#include <algorithm>
#include <charconv>
#include <strings.h>

namespace passwords {

std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view label) {
  std::uint32_t number = 0;
  if (!take_prefix(text, label) || text.starts_with('0'))
    return {};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc())
    return {};
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return number;
}

std::string_view take_until(std::string_view& text, char end) {
  const auto taken = text.substr(0, text.find(end));
  text.remove_prefix(taken.size());
  return taken;
}

bool is_crypt_text(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && std::ranges::all_of(text, [](char c) {
           return crypt_digits.find(c) != std::string_view::npos;
         });
}

bool equal_but_for_case(std::string_view text, std::string_view capitals) {
  return text.size() == capitals.size() &&
         ::strncasecmp(text.data(), capitals.data(), text.size()) == 0;
}

} // namespace passwords
