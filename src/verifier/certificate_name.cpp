// SPDX-License-Identifier: ISC
#include "verifier/certificate_name.hpp"

namespace verifier {

namespace {

struct Attribute {
  std::string_view key;
  std::string_view value;
  bool is_plain = true; ///< Neither quoted nor escaped.
};

/// The offset at which the value at the start of `text` ends. A separator within quotes, or behind
/// a backslash, is part of the value.
std::size_t end_of_value(std::string_view text, char slash, bool& is_plain) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    is_plain = is_plain && c != '"' && c != '\\';
    if (c == '\\')
      ++at;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == ',' || c == '+' || c == slash))
      return at;
  }
  is_plain = is_plain && !quoted;
  return text.size();
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

/// Removes the first attribute from `text`, with the separator behind it, and returns it.
Attribute take_attribute(std::string_view& text, char slash) {
  Attribute attribute;
  const auto equals = text.find('=');
  if (equals == text.npos) {
    text = {};
    return attribute;
  }
  attribute.key = without_blanks(text.substr(0, equals));
  text.remove_prefix(equals + 1);
  const auto end = end_of_value(text, slash, attribute.is_plain);
  attribute.value = without_blanks(text.substr(0, end));
  text.remove_prefix(end == text.size() ? end : end + 1);
  return attribute;
}

} // namespace

std::optional<std::string> attribute_in(std::string_view distinguished_name, std::string_view key) {
  if (distinguished_name.size() > max_distinguished_name)
    return {};
  // The older form has a slash before each attribute; elsewhere a slash is an ordinary character.
  const bool has_slashes = distinguished_name.starts_with('/');
  if (has_slashes)
    distinguished_name.remove_prefix(1);
  std::optional<Attribute> found;
  while (!distinguished_name.empty()) {
    const auto attribute = take_attribute(distinguished_name, has_slashes ? '/' : ',');
    if (attribute.key != key)
      continue;
    if (found)
      return {};
    found = attribute;
  }
  if (!found || !found->is_plain || found->value.empty())
    return {};
  return std::string(found->value);
}

} // namespace verifier
