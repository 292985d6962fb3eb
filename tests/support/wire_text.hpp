// SPDX-License-Identifier: ISC
// A slow and simple model of the text that RETR and TOP send for a stored message. It shares
// nothing with the code that tests compare with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// The lines of a stored message without their ends, LF or CRLF. A last line without an end counts.
std::vector<std::string> lines_of(std::string_view stored);

/// Header, blank line and `body_lines` of the body.
std::vector<std::string> top_of(const std::vector<std::string>& lines, std::uint64_t body_lines);

std::string on_the_wire(const std::vector<std::string>& lines);

/// Octets as RFC 1939 section 11 counts them.
std::uint64_t wire_octets(std::string_view stored);

/// How many octets of a text are `octet`.
std::size_t count_of(std::string_view text, char octet);

} // namespace support
