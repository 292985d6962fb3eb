// SPDX-License-Identifier: ISC
#include "users/location.hpp"

#include "base/split.hpp"

#include <optional>

namespace users {

namespace {

using base::Refused;
using namespace location_problem;

/// True when a part of a name may be used as the name of a directory.
bool is_safe(std::string_view part) {
  return !part.empty() && !part.starts_with('.') &&
         part.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

using Value = base::Result<std::string_view, base::Problem>;

Value value_if(bool is_good, std::string_view value, const base::Problem& otherwise) {
  return is_good ? Value(value) : Refused{otherwise};
}

/// The text in the place of a percent sign and `variable`.
Value value_of(char variable, std::string_view name, std::string_view home) {
  const auto at = name.find('@');
  const bool has_domain = at != name.npos;
  const auto local_part = name.substr(0, at);
  const auto domain = has_domain ? name.substr(at + 1) : "none";
  switch (variable) {
  case 'u': return value_if(is_safe(local_part) && is_safe(domain), name, unsafe_name);
  case 'n': return value_if(is_safe(local_part), local_part, unsafe_name);
  case 'd':
    return value_if(has_domain && is_safe(domain), domain, has_domain ? unsafe_name : no_domain);
  case 'h': return value_if(!home.empty(), home, no_home);
  case '%': return std::string_view("%");
  default: return Refused{unknown_expansion};
  }
}

std::optional<base::Problem> problem_of_path(std::string_view path) {
  if (path.size() > max_path)
    return location_problem::too_long;
  if (!path.starts_with('/'))
    return not_absolute;
  if (path.find('\0') != std::string_view::npos)
    return dot_dot;
  bool names_anything = false;
  while (!path.empty()) {
    const auto component = base::take_field(path, '/');
    if (component == "..")
      return dot_dot;
    names_anything = names_anything || !(component.empty() || component == ".");
  }
  return names_anything ? std::nullopt : std::optional(root_directory);
}

} // namespace

base::Result<std::string, base::Problem> locate(std::string_view site_template,
                                                std::string_view name, std::string_view home,
                                                std::string_view override_template) {
  std::string path(override_template.empty() ? site_template : override_template);
  if (path == "~" || path.starts_with("~/"))
    path.replace(0, 1, "%h");
  for (auto at = path.find('%'); at != path.npos; at = path.find('%', at)) {
    const auto value = value_of(path[at + 1], name, home); // a NUL at the end
    if (!value)
      return Refused{value.error()};
    path.replace(at, 2, *value);
    at += value->size();
  }
  if (const auto problem = problem_of_path(path))
    return Refused{*problem};
  return path;
}

std::string plain_path(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    const auto component = base::take_field(path, '/');
    if (!component.empty() && component != ".")
      plain.append("/").append(component);
  }
  return plain;
}

} // namespace users
