// SPDX-License-Identifier: ISC
// Characters of ASCII, whatever the locale is.
#pragma once

#include <algorithm>
#include <string_view>

namespace base {

/// The small letter for a capital of ASCII; any other octet as it is.
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// True for NUL to US (unit separator), and DEL.
constexpr bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == 0x7f;
}

/// True when both texts differ at most in the case of letters of ASCII.
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

} // namespace base
