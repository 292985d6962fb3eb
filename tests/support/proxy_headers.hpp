// SPDX-License-Identifier: ISC
// Builds PROXY headers of version 2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace support {

inline std::string octet(unsigned value) {
  return std::string(1, static_cast<char>(value));
}

/// `value` as two octets in network order.
inline std::string network_order(std::size_t value) {
  return octet(static_cast<unsigned>(value >> 8 & 0xff)) + octet(value & 0xff);
}

inline std::string tlv(unsigned type, const std::string& value) {
  return octet(type) + network_order(value.size()) + value;
}

constexpr unsigned local_command = 0x20, proxy_command = 0x21;
constexpr unsigned unspecified = 0x00, tcp4 = 0x11, tcp6 = 0x21, local_stream = 0x31;
constexpr unsigned crc32c_type = 0x03, tls_type = 0x20, version_type = 0x21, name_type = 0x22;
constexpr unsigned by_tls = 1, certificate_in_connection = 2, certificate_in_session = 4;

inline std::string proxy_block(unsigned command, unsigned protocol, const std::string& rest) {
  return std::string("\r\n\r\n\0\r\nQUIT\n", 12) + octet(command) + octet(protocol) +
         network_order(rest.size()) + rest;
}

/// From 192.0.2.7, port 1000, to 192.0.2.1, port 110.
inline std::string tcp4_addresses() {
  return std::string("\xc0\x00\x02\x07\xc0\x00\x02\x01\x03\xe8\x00\x6e", 12);
}

inline std::string from_client(const std::string& tlvs) {
  return proxy_block(proxy_command, tcp4, tcp4_addresses() + tlvs);
}

inline std::string tls_tlv(unsigned bits, std::uint32_t verify, const std::string& parts = "") {
  return tlv(tls_type,
             octet(bits) + network_order(verify >> 16) + network_order(verify & 0xffff) + parts);
}

/// CRC32c as RFC 9260, appendix A, has it; not by the library that checks the headers.
inline std::uint32_t crc32c(std::string_view octets) {
  constexpr std::uint32_t reflected_polynomial = 0x82f63b78;
  std::uint32_t sum = ~std::uint32_t{0};
  for (const char octet : octets) {
    sum ^= static_cast<unsigned char>(octet);
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum & 1) != 0 ? sum >> 1 ^ reflected_polynomial : sum >> 1;
  }
  return ~sum;
}

} // namespace support
