// SPDX-License-Identifier: ISC
#include "proxy_protocol/crc32c.hpp"

namespace proxy_protocol {

// Bit by bit, as a header has only a few hundred octets and comes once per connection.
std::uint32_t crc32c(std::string_view octets) {
  constexpr std::uint32_t reflected_polynomial = 0x82f63b78;
  std::uint32_t sum = ~std::uint32_t{0};
  for (const char octet : octets) {
    sum ^= static_cast<unsigned char>(octet);
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum & 1) != 0 ? sum >> 1 ^ reflected_polynomial : sum >> 1;
  }
  return ~sum;
}

} // namespace proxy_protocol
