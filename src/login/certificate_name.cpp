// SPDX-License-Identifier: ISC
#include "login/certificate_name.hpp"

#include "base/split.hpp"

namespace login {

namespace {

struct Attribute {
  std::string_view key;
  std::string_view value;
};

/// The offset at which the value at the start of `text` ends. A separator within quotes, or behind
/// a backslash, is part of the value.
std::size_t end_of_value(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\')
      ++at;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == ',' || c == '+'))
      return at;
  }
  return text.size();
}

/// Removes the first attribute from `text`, with the separator behind it, and returns it.
Attribute take_attribute(std::string_view& text) {
  if (text.find('=') == text.npos) {
    text = {};
    return {};
  }
  const auto key = base::take_field(text, '=');
  const auto end = end_of_value(text);
  const auto value = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return {base::trimmed(key, " "), base::trimmed(value, " ")};
}

} // namespace

std::optional<std::string> attribute_in(std::string_view distinguished_name, std::string_view key) {
  // The older form has a slash before each attribute but quotes none within a value: whether /CN=
  // in it begins an attribute cannot be told.
  if (distinguished_name.size() > max_distinguished_name || distinguished_name.starts_with('/'))
    return {};
  std::optional<Attribute> found;
  while (!distinguished_name.empty()) {
    const auto attribute = take_attribute(distinguished_name);
    if (attribute.key != key)
      continue;
    if (found)
      return {};
    found = attribute;
  }
  const auto value = found ? found->value : std::string_view();
  if (value.empty() || value.find_first_of("\"\\") != value.npos)
    return {};
  return std::string(value);
}

} // namespace login
