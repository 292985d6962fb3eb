// SPDX-License-Identifier: ISC
// Version 2 of the PROXY protocol, once all of a header is there (proxy-protocol.txt, section 2.2).
#pragma once

#include "proxy_protocol/header.hpp"

namespace proxy_protocol {

/// Octets in front of the part that has a length.
constexpr std::size_t block_prefix = 16;

/// How many octets follow the first 16, of which `start` has that many. Nothing when the version is
/// not 2, the command neither LOCAL nor PROXY, or there are more than max_block.
std::optional<std::size_t> block_length(std::string_view start);

/// Reads a whole header whose start block_length() has accepted. Nothing when protocol and
/// address family are not TCP's, a local stream's or UNSPEC, when lengths do not add up, when what
/// may be there once is there twice, and when a CRC32c is there and wrong (section 2.2.3).
std::optional<Header> parse_block(std::string_view octets);

} // namespace proxy_protocol
