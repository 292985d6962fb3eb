// SPDX-License-Identifier: ISC
// Octets as hexadecimal text, without printf(3), which brings in a hundred kilobytes that a session
// would have to map.
#pragma once

#include <span>
#include <string>

namespace base {

/// Two lower-case hexadecimal digits for each octet.
inline std::string hex(std::span<const unsigned char> octets) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * octets.size());
  for (const auto octet : octets)
    text.append({digits[octet >> 4], digits[octet & 15]});
  return text;
}

} // namespace base
