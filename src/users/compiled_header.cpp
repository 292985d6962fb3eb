// SPDX-License-Identifier: ISC
#include "users/compiled_header.hpp"

#include "base/number.hpp"
#include "users/decoy_costs.hpp"

namespace users {

namespace {

constexpr std::string_view version_label = "sodapop-users ";
constexpr std::string_view size_label = "size ";
constexpr std::string_view changed_label = "changed ";
constexpr std::string_view iterations_label = "scram-iterations ";
constexpr std::string_view decoy_label = "decoy ";

std::int64_t changed(const struct stat& text) {
  return std::int64_t{text.st_mtim.tv_sec} * 1'000'000'000 + text.st_mtim.tv_nsec;
}

/// Takes the next line if it begins with `label`, and sets `value` to the rest of it. False for any
/// other line.
bool take_line(std::string_view& text, std::string_view label, std::string_view& value) {
  const auto end = text.find('\n');
  if (end == text.npos || !text.starts_with(label))
    return false;
  value = text.substr(label.size(), end - label.size());
  text.remove_prefix(end + 1);
  return true;
}

template <class Number>
bool take_number(std::string_view& text, std::string_view label, Number& number) {
  std::string_view digits;
  if (!take_line(text, label, digits))
    return false;
  const auto parsed = base::parse_number<Number>(digits);
  number = parsed.value_or(0);
  return parsed.has_value();
}

} // namespace

bool CompiledHeader::is_of(const struct stat& text) const {
  return text_size == static_cast<std::uint64_t>(text.st_size) && text_changed == changed(text);
}

CompiledHeader header_of(const struct stat& text) {
  CompiledHeader header;
  header.text_size = static_cast<std::uint64_t>(text.st_size);
  header.text_changed = changed(text);
  return header;
}

std::string to_text(const CompiledHeader& header) {
  std::string text;
  const auto add = [&text](std::string_view label, const std::string& value) {
    text.append(label).append(value).push_back('\n');
  };
  add(version_label, std::to_string(header.version));
  add(size_label, std::to_string(header.text_size));
  add(changed_label, std::to_string(header.text_changed));
  add(iterations_label, std::to_string(header.scram_iterations));
  for (const auto& decoy : header.decoys)
    add(decoy_label, decoy);
  return text;
}

std::optional<CompiledHeader> parse_header(std::string_view text) {
  CompiledHeader header;
  if (text.size() > max_header || !take_number(text, version_label, header.version))
    return {};
  if (header.version != compiled_version)
    return header;
  if (!take_number(text, size_label, header.text_size) ||
      !take_number(text, changed_label, header.text_changed) ||
      !take_number(text, iterations_label, header.scram_iterations))
    return {};
  for (std::string_view decoy; take_line(text, decoy_label, decoy);)
    header.decoys.emplace_back(decoy);
  if (!text.empty() || header.decoys.size() > DecoyCosts::max_decoys)
    return {};
  return header;
}

} // namespace users
