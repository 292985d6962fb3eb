// SPDX-License-Identifier: ISC
// Parses a complete header of version 2 of the PROXY protocol (proxy-protocol.txt, section 2.2).
#pragma once

#include "proxy_protocol/header.hpp"

namespace proxy_protocol {

/// Octets of the fixed part, which gives the length of the part behind it.
constexpr std::size_t block_prefix = 16;

/// The least number of octets that are missing in a header that begins with `octets`; 0 when it is
/// whole. Nothing when the version is not 2, when the command is neither LOCAL nor PROXY, or when
/// more than max_block octets follow the fixed part.
std::optional<std::size_t> missing_in_block(std::string_view octets);

/// Reads a header of which nothing is missing. Nothing when protocol and address
/// family are not those of TCP, a local stream or UNSPEC, when lengths do not add up, when a TLV
/// that may occur once occurs twice, or when a CRC32c is wrong (section 2.2.3).
std::optional<Header> parse_block(std::string_view octets);

} // namespace proxy_protocol
