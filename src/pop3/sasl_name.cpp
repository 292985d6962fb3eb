// SPDX-License-Identifier: ISC
#include "pop3/sasl_name.hpp"

#include "pop3/limits.hpp"

#include <algorithm>
#include <cstdint>

namespace pop3 {

namespace {

/// The first octets of the code points of one length, and the range of their second octets.
struct Utf8Row {
  std::uint8_t first_from, first_to, second_from, second_to;
  std::size_t length;
};

constexpr Utf8Row utf8_table[] = {
    // RFC 3629 section 4
    {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

bool is_within(char octet, std::uint8_t from, std::uint8_t to) {
  const auto value = static_cast<unsigned char>(octet);
  return from <= value && value <= to;
}

/// Octets of the code point at the start of `text`, which is not empty; 0 when there is no valid
/// one.
std::size_t code_point_length(std::string_view text) {
  const auto* row = std::ranges::find_if(utf8_table, [&](const Utf8Row& each) {
    return is_within(text[0], each.first_from, each.first_to);
  });
  if (row == std::end(utf8_table) || text.size() < row->length)
    return 0;
  if (row->length > 1 && !is_within(text[1], row->second_from, row->second_to))
    return 0;
  const auto rest = text.substr(0, row->length).substr(std::min<std::size_t>(row->length, 2));
  return std::ranges::all_of(rest, [](char c) { return is_within(c, 0x80, 0xbf); }) ? row->length
                                                                                    : 0;
}

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
  while (!text.empty()) {
    const auto length = code_point_length(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
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
