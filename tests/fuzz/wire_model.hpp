// SPDX-License-Identifier: ISC
// A slow and simple model of the client's part of byte-stuffing.
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

/// The text that a client gets from the lines before the terminating dot. Nothing when one of them
/// would end the reply early or starts with a dot that is not doubled, or the last one has no CRLF.
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
