// SPDX-License-Identifier: ISC
// The checksum CRC32c.
#pragma once

#include <cstdint>
#include <string_view>

namespace proxy_protocol {

/// Computed as in RFC 9260, appendix A, for SCTP: the checksum of `123456789` is 0xe3069283.
std::uint32_t crc32c(std::string_view octets);

} // namespace proxy_protocol
