// SPDX-License-Identifier: ISC
// A slow and simple model of the text that RETR and TOP send for a stored message. It shares
// nothing with the code that tests compare with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// The lines of a stored message without their ends, LF or CRLF. A last line without an end counts.
inline std::vector<std::string> lines_of(std::string_view stored) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : stored) {
    if (c != '\n') {
      line += c;
      continue;
    }
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    lines.push_back(line);
    line.clear();
  }
  if (!line.empty())
    lines.push_back(line);
  return lines;
}

/// Header, blank line and `body_lines` of the body.
inline std::vector<std::string> top_of(const std::vector<std::string>& lines,
                                       std::uint64_t body_lines) {
  std::vector<std::string> wanted;
  bool in_body = false;
  for (const auto& line : lines) {
    if (in_body && body_lines-- == 0)
      break;
    wanted.push_back(line);
    in_body = in_body || line.empty();
  }
  return wanted;
}

inline std::string on_the_wire(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (line.substr(0, 1) == "." ? "." : "") + line + "\r\n";
  return text;
}

/// Octets as RFC 1939 section 11 counts them.
inline std::uint64_t wire_octets(std::string_view stored) {
  std::uint64_t octets = 0;
  for (const auto& line : lines_of(stored))
    octets += line.size() + 2;
  return octets;
}

} // namespace support
