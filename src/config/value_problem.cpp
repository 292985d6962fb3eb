// SPDX-License-Identifier: ISC
#include "config/value_problem.hpp"

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "base/network.hpp"
#include "base/split.hpp"

#include <algorithm>

namespace config {

namespace {

constexpr std::string_view digits = "0123456789";

std::string octet(char c) {
  const auto value = static_cast<unsigned char>(c);
  return "0x" + base::hex({&value, 1});
}

bool is_letter(char c) {
  const char small = base::to_lower(c);
  return small >= 'a' && small <= 'z';
}

/// True for a number with letters behind it, such as 10m or 5 MiB.
bool has_unit(std::string_view value) {
  const auto end = value.find_first_not_of(digits);
  if (end == 0 || end == value.npos)
    return false;
  const auto unit = base::trimmed(value.substr(end));
  return !unit.empty() && std::ranges::all_of(unit, is_letter);
}

} // namespace

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

std::string problem_with_networks(std::string_view list) {
  for (const auto& word : base::words_of(list, ","))
    if (!base::Networks::parse(word))
      return in_quotes(word) + " is neither an address nor a network such as 192.0.2.0/24";
  return in_quotes(list) + " is not 1 to " + std::to_string(base::Networks::most) +
         " networks with commas between them";
}

std::optional<std::string> problem_with_text(std::string_view value) {
  const auto comment = std::min(value.find(" #"), value.find("\t#"));
  if (comment != value.npos)
    return in_quotes(value) + " has a comment behind it, which needs a line of its own";
  const char first = value.empty() ? '\0' : value.front();
  if (value.size() > 1 && (first == '"' || first == '\'') && value.back() == first)
    return "quotes are not used here: write " + std::string(value.substr(1, value.size() - 2));
  return {};
}

std::string likely_cause(std::string_view value, std::string_view value_name) {
  if (!std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return "; it has a character that is not ASCII";
  if (value_name.starts_with("SECONDS") && has_unit(value))
    return "; write seconds, without a unit";
  if (value_name == "MIB" && has_unit(value))
    return "; write mebibytes, without a unit";
  return "";
}

std::optional<std::string> problem_with_characters(std::string_view line) {
  const auto* const found =
      std::ranges::find_if(line, [](char c) { return c != '\t' && base::is_control(c); });
  if (found == line.end())
    return {};
  return "the line has the control character " + octet(*found);
}

std::optional<std::string> take_byte_order_mark(std::string_view& text) {
  if (base::take_prefix(text, "\xef\xbb\xbf"))
    return "the file begins with a byte order mark: save it as UTF-8 without one";
  if (!text.starts_with("\xff\xfe") && !text.starts_with("\xfe\xff"))
    return {};
  text = {};
  return "the file is UTF-16: save it as UTF-8 without a byte order mark";
}

} // namespace config
