// SPDX-License-Identifier: ISC
// Reads the text of a stored hash piece by piece from its beginning.
#pragma once

#include "base/split.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace passwords {

using base::take_field;
using base::take_prefix;

/// Takes `label` and a decimal number of 32 bits, from 1; no sign, no leading zeros.
std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view label);

/// The digits of crypt(3) in the order of their values: `.` is 0, `z` is 63.
inline constexpr std::string_view crypt_digits =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// True for `least` to `most` of these digits and nothing else.
bool is_crypt_text(std::string_view text, std::size_t least, std::size_t most);

/// The octets of `text` for libsodium, which must not be given a null pointer, not even for none.
inline const char* characters_of(std::string_view text) {
  return text.empty() ? "" : text.data();
}
inline const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(characters_of(text));
}

} // namespace passwords
