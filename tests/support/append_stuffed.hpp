// SPDX-License-Identifier: ISC
// Appends message text to a string as it goes over the wire.
#pragma once

#include "pop3/byte_stuffing.hpp"

#include <string>

namespace support {

/// Appends `block` and gives the number of octets appended. The space has just the promised size,
/// so that a sanitizer sees a write beyond it.
inline std::size_t append_stuffed(pop3::ByteStuffing& stuffing, std::string_view block,
                                  std::string& out) {
  std::string space(pop3::ByteStuffing::space_for(block.size()), '\0');
  const auto octets = stuffing.stuff(block, space);
  out.append(space, 0, octets);
  return octets;
}

inline std::size_t append_end(pop3::ByteStuffing& stuffing, std::string& out) {
  std::string space(pop3::ByteStuffing::space_for(0), '\0');
  const auto octets = stuffing.finish(space);
  out.append(space, 0, octets);
  return octets;
}

} // namespace support
