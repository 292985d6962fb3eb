// SPDX-License-Identifier: ISC
#include "pop3/sasl_name.hpp"

#include "pop3/limits.hpp"

#include <utf8.h>

namespace pop3 {

std::string_view without_blanks_behind(std::string_view name) {
  return name.substr(0, name.find_last_not_of(" \t") + 1); // npos + 1 is 0
}

bool is_utf8(std::string_view text) {
  return text.find('\0') == text.npos && utf8::is_valid(text);
}

bool is_sasl_name(std::string_view name) {
  return !name.empty() && name.size() <= max_user_name && is_utf8(name);
}

std::optional<Gs2Header> take_gs2_header(std::string_view& message) {
  const auto first = message.find(',');
  const auto second = message.find(',', first + 1); // npos + 1 is 0
  const auto binding = message.substr(0, first);
  if (second == message.npos || (binding != "n" && binding != "y"))
    return {};
  const auto identity = message.substr(first + 1, second - first - 1);
  Gs2Header header{std::string(message.substr(0, second + 1)), {}};
  message.remove_prefix(second + 1);
  if (identity.empty())
    return header;
  const auto name =
      identity.starts_with("a=") ? decode_sasl_name(identity.substr(2)) : std::nullopt;
  if (!name)
    return {};
  header.authorization_identity = *name;
  return header;
}

std::optional<std::string> decode_sasl_name(std::string_view text) {
  std::string name;
  while (!text.empty() && name.size() <= max_user_name) {
    const bool is_escape = text.front() == '=';
    if (is_escape && !text.starts_with("=2C") && !text.starts_with("=3D"))
      return {};
    name += is_escape ? (text[1] == '2' ? ',' : '=') : text.front();
    text.remove_prefix(is_escape ? 3 : 1);
  }
  if (!is_sasl_name(name))
    return {};
  return name;
}

} // namespace pop3
