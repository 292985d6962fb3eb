// SPDX-License-Identifier: ISC
// Cuts one input into pieces, as a connection or a file may deliver it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace support {

using Pieces = std::vector<std::string_view>;

inline Pieces byte_by_byte(std::string_view input) {
  Pieces pieces;
  for (std::size_t i = 0; i < input.size(); ++i)
    pieces.push_back(input.substr(i, 1));
  return pieces;
}

/// Calls `check` with the pieces of `input`: whole, octet by octet, and in two at every point. No
/// piece is empty.
template <class Check> void for_each_cut(std::string_view input, const Check& check) {
  check(input.empty() ? Pieces{} : Pieces{input});
  check(byte_by_byte(input));
  for (std::size_t at = 1; at < input.size(); ++at)
    check(Pieces{input.substr(0, at), input.substr(at)});
}

} // namespace support
