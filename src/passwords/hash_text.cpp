// SPDX-License-Identifier: ISC
#include "passwords/hash_text.hpp"

#include <algorithm>

namespace passwords {

std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view label) {
  if (!take_prefix(text, label))
    return {};
  const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
  text.remove_prefix(digits.size());
  const auto number = base::parse_unpadded_number<std::uint32_t>(digits);
  return number != 0u ? number : std::nullopt;
}

bool is_crypt_text(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && std::ranges::all_of(text, [](char c) {
           return crypt_digits.find(c) != std::string_view::npos;
         });
}

} // namespace passwords
