// SPDX-License-Identifier: ISC
#include "support/wire_text.hpp"

#include <algorithm>

namespace support {

std::vector<std::string> lines_of(std::string_view stored) {
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

std::vector<std::string> top_of(const std::vector<std::string>& lines, std::uint64_t body_lines) {
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

std::string on_the_wire(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += (line.substr(0, 1) == "." ? "." : "") + line + "\r\n";
  return text;
}

std::uint64_t wire_octets(std::string_view stored) {
  std::uint64_t octets = 0;
  for (const auto& line : lines_of(stored))
    octets += line.size() + 2;
  return octets;
}

std::size_t count_of(std::string_view text, char octet) {
  return static_cast<std::size_t>(std::ranges::count(text, octet));
}

} // namespace support
