// SPDX-License-Identifier: ISC
#include "users/user.hpp"

#include "base/ascii.hpp"
#include "base/number.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <cstdint>

namespace users {

namespace {

/// The fields of a line, of which those missing at the end are empty.
struct Fields {
  std::string_view name, hash, uid, gid, gecos, home, shell, extra;
};

Fields split(std::string_view line) {
  Fields fields;
  for (auto* field : {&fields.name, &fields.hash, &fields.uid, &fields.gid, &fields.gecos,
                      &fields.home, &fields.shell})
    *field = base::take_field(line, ':');
  fields.extra = line;
  return fields;
}

/// Tabs are allowed in the extra field, which is the end of the line.
bool has_control(std::string_view line, std::string_view extra) {
  line.remove_suffix(extra.size());
  return std::ranges::any_of(line, base::is_control) ||
         std::ranges::any_of(extra, [](char c) { return base::is_control(c) && c != '\t'; });
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

/// Checks all fields, and parses the extra field.
base::Result<ExtraFields, base::Problem> check(std::string_view line, const Fields& fields) {
  using namespace line_problem;
  if (line.size() > max_line)
    return base::Refused{line_problem::too_long};
  if (line.ends_with('\r'))
    return base::Refused{windows_line_end};
  if (line.starts_with("\xef\xbb\xbf"))
    return base::Refused{byte_order_mark};
  if (has_control(line, fields.extra))
    return base::Refused{control_character};
  if (line.find(':') == line.npos)
    return base::Refused{no_hash};
  if (!is_valid_name(fields.name))
    return base::Refused{bad_name};
  if (is_bad_id(fields.uid))
    return base::Refused{bad_uid};
  if (is_bad_id(fields.gid))
    return base::Refused{bad_gid};
  if (!fields.home.empty() && !fields.home.starts_with('/'))
    return base::Refused{relative_home};
  return parse_extra_fields(fields.extra);
}

bool can_be_directory(std::string_view part) {
  return !part.empty() && !part.starts_with('.');
}

} // namespace

bool is_valid_name(std::string_view name) {
  const auto at = name.find('@');
  const auto domain = at == name.npos ? "none" : name.substr(at + 1);
  return name.size() <= max_name && std::ranges::all_of(name, is_name_octet) &&
         can_be_directory(name.substr(0, at)) && can_be_directory(domain) &&
         domain.find('@') == domain.npos;
}

bool is_locked(std::string_view hash) {
  const auto stored = hash.starts_with('{') ? hash.substr(hash.find('}') + 1) : hash;
  return hash == "x" || stored.starts_with('!') || (hash != "*" && stored.starts_with('*'));
}

bool is_disabled(std::string_view hash) {
  return hash.empty() || hash == "*" || is_locked(hash);
}

bool is_comment(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  return first == std::string_view::npos || line[first] == '#';
}

std::optional<base::Problem> problem_in(std::string_view line) {
  const auto extra = check(line, split(line));
  return extra ? std::nullopt : std::optional(extra.error());
}

base::Result<User, base::Problem> parse_user(std::string_view line) {
  const auto fields = split(line);
  auto extra = check(line, fields);
  if (!extra)
    return base::Refused{extra.error()};
  return User{std::move(*extra),    std::string(fields.name), std::string(fields.hash),
              parse_id(fields.uid), parse_id(fields.gid),     std::string(fields.home)};
}

std::string_view extra_field(std::string_view line) {
  return split(line).extra;
}

} // namespace users
