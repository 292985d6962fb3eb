// SPDX-License-Identifier: ISC
#include "users/user.hpp"

#include "base/number.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace users {

namespace {

constexpr std::string_view blanks = " \t";

struct Fields {
  enum Index : std::size_t { name, hash, uid, gid, gecos, home, shell, extra, count };

  std::array<std::string_view, count> at;
  std::size_t given = 0;
};

Fields split(std::string_view line) {
  Fields fields;
  while (fields.given < Fields::extra) {
    const auto colon = line.find(':');
    fields.at[fields.given++] = line.substr(0, colon);
    if (colon == std::string_view::npos)
      return fields;
    line.remove_prefix(colon + 1);
  }
  fields.at[fields.given++] = line;
  return fields;
}

bool has_control(std::string_view text, bool tabs_allowed) {
  return std::ranges::any_of(text, [tabs_allowed](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && !(tabs_allowed && c == '\t'));
  });
}

bool has_control(const Fields& fields) {
  for (std::size_t i = 0; i < fields.given; ++i)
    if (has_control(fields.at[i], i == Fields::extra))
      return true;
  return false;
}

/// Nothing also for the number with all bits set: in system calls it means "leave unchanged", so it
/// is never an identity.
std::optional<std::uint32_t> parse_id(std::string_view text) {
  const auto id = base::parse_number<std::uint32_t>(text);
  return id != UINT32_MAX ? id : std::nullopt;
}

bool is_bad_id(std::string_view text) {
  return !text.empty() && !parse_id(text);
}

/// Checks all fields but the extra field.
std::optional<LineProblem> problem_in(std::string_view line, const Fields& fields) {
  if (line.size() > max_line)
    return LineProblem::too_long;
  if (has_control(fields))
    return LineProblem::control_character;
  if (fields.given <= Fields::hash)
    return LineProblem::no_hash;
  if (!is_valid_name(fields.at[Fields::name]))
    return LineProblem::bad_name;
  if (is_bad_id(fields.at[Fields::uid]))
    return LineProblem::bad_uid;
  if (is_bad_id(fields.at[Fields::gid]))
    return LineProblem::bad_gid;
  if (const auto home = fields.at[Fields::home]; !home.empty() && !home.starts_with('/'))
    return LineProblem::relative_home;
  return {};
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_@+").find(c) != std::string_view::npos;
}

bool can_be_directory(std::string_view part) {
  return !part.empty() && !part.starts_with('.');
}

} // namespace

bool is_valid_name(std::string_view name) {
  if (name.size() > max_name || !std::ranges::all_of(name, is_name_byte))
    return false;
  const auto at = name.find('@');
  if (!can_be_directory(name.substr(0, at)))
    return false;
  if (at == std::string_view::npos)
    return true;
  const auto domain = name.substr(at + 1);
  return can_be_directory(domain) && domain.find('@') == std::string_view::npos;
}

bool is_comment(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  return first == std::string_view::npos || line[first] == '#';
}

std::optional<LineProblem> problem_in(std::string_view line) {
  const auto fields = split(line);
  if (const auto problem = problem_in(line, fields))
    return problem;
  if (fields.at[Fields::extra].empty())
    return {};
  const auto extra = parse_extra_fields(fields.at[Fields::extra]);
  return extra ? std::nullopt : std::optional(extra.error());
}

base::Result<User, LineProblem> parse_user(std::string_view line) {
  const auto fields = split(line);
  if (const auto problem = problem_in(line, fields))
    return base::Refused{*problem};
  const auto& at = fields.at;
  auto extra = parse_extra_fields(at[Fields::extra]);
  if (!extra)
    return base::Refused{extra.error()};
  return User{
      std::move(*extra),         std::string(at[Fields::name]), std::string(at[Fields::hash]),
      parse_id(at[Fields::uid]), parse_id(at[Fields::gid]),     std::string(at[Fields::home])};
}

} // namespace users
