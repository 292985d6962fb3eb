// SPDX-License-Identifier: ISC
#include "support/wire_text.hpp"

#include <algorithm>

namespace support {

std::vector<std::string> lines_of(std::string_view stored) {
  std::vector<std::string> lines;
  while (!stored.empty()) {
    const auto end = stored.find('\n');
    const bool has_end = end != stored.npos;
    const bool has_cr = has_end && end > 0 && stored[end - 1] == '\r';
    lines.emplace_back(stored.substr(0, has_cr ? end - 1 : end));
    stored.remove_prefix(has_end ? end + 1 : stored.size());
  }
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
    text.append(line.starts_with('.') ? "." : "").append(line).append("\r\n");
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
