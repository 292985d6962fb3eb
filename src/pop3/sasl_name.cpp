// SPDX-License-Identifier: ISC
#include "pop3/sasl_name.hpp"

#include "pop3/limits.hpp"

#include <utf8.h>

namespace pop3 {

namespace {

/// Takes the text before the next comma, and the comma, off the front of `message`. Nothing without
/// a comma.
std::optional<std::string_view> take_field(std::string_view& message) {
  const auto comma = message.find(',');
  if (comma == message.npos)
    return {};
  const auto field = message.substr(0, comma);
  message.remove_prefix(comma + 1);
  return field;
}

} // namespace

bool is_utf8(std::string_view text) {
  return text.find('\0') == text.npos && utf8::is_valid(text);
}

bool is_sasl_name(std::string_view name) {
  return !name.empty() && name.size() <= max_user_name && is_utf8(name);
}

std::optional<Gs2Header> take_gs2_header(std::string_view& message) {
  const auto all = message;
  const auto binding = take_field(message);
  const auto identity = binding ? take_field(message) : std::nullopt;
  if (!identity || (*binding != "n" && *binding != "y"))
    return {};
  Gs2Header header{std::string(all.substr(0, all.size() - message.size())), {}};
  if (identity->empty())
    return header;
  const auto name =
      identity->starts_with("a=") ? decode_sasl_name(identity->substr(2)) : std::nullopt;
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
