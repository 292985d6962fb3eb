// SPDX-License-Identifier: ISC
// The client's half of byte-stuffing, slow and obvious.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + "\r\n";
  return text;
}

/// What a client makes of the lines before the terminating dot; nothing when one of them would end
/// the reply early, starts with a dot that nobody doubled, or when the last one has no CRLF.
inline std::optional<std::string> unstuffed(std::string_view wire) {
  std::string text;
  while (!wire.empty()) {
    const auto end = wire.find("\r\n");
    if (end == wire.npos)
      return {};
    auto line = wire.substr(0, end);
    wire.remove_prefix(end + 2);
    if (line.starts_with('.') && !line.starts_with(".."))
      return {};
    if (line.starts_with('.'))
      line.remove_prefix(1);
    text.append(line).append("\r\n");
  }
  return text;
}

} // namespace fuzz
