// SPDX-License-Identifier: ISC
#include "users/location.hpp"

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

class Expansion {
 public:
  Expansion(std::string_view name, std::string_view home) : name_(name), home_(home) {
    const auto at = name.find('@');
    local_part_ = name.substr(0, at);
    if (at != std::string_view::npos)
      domain_ = name.substr(at + 1);
  }

  std::optional<base::Problem> put(std::string& path, char variable) const {
    switch (variable) {
    case 'u':
      path += name_;
      return is_safe(local_part_) && is_safe(domain_.value_or("none")) ? std::nullopt : unsafe();
    case 'n': path += local_part_; return is_safe(local_part_) ? std::nullopt : unsafe();
    case 'd':
      path += domain_.value_or("");
      return !domain_ ? std::optional(no_domain) : is_safe(*domain_) ? std::nullopt : unsafe();
    case 'h': path += home_; return home_.empty() ? std::optional(no_home) : std::nullopt;
    case '%': path += '%'; return {};
    default: return unknown_expansion;
    }
  }

 private:
  static std::optional<base::Problem> unsafe() { return unsafe_name; }

  std::string_view name_;
  std::string_view home_;
  std::string_view local_part_;
  std::optional<std::string_view> domain_;
};

std::optional<base::Problem> problem_of_path(std::string_view path) {
  if (!path.starts_with('/'))
    return not_absolute;
  if (path.find('\0') != std::string_view::npos)
    return dot_dot;
  bool names_anything = false;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto component = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
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
  const Expansion expansion(name, home);
  std::string_view rest = override_template.empty() ? site_template : override_template;
  std::string path;
  if (rest == "~" || rest.starts_with("~/")) {
    if (const auto problem = expansion.put(path, 'h'))
      return Refused{*problem};
    rest.remove_prefix(1);
  }
  for (auto percent = rest.find('%'); percent != std::string_view::npos; percent = rest.find('%')) {
    path += rest.substr(0, percent);
    if (percent + 1 == rest.size())
      return Refused{unknown_expansion};
    if (const auto problem = expansion.put(path, rest[percent + 1]))
      return Refused{*problem};
    rest.remove_prefix(percent + 2);
  }
  path += rest;
  if (const auto problem = problem_of_path(path))
    return Refused{*problem};
  return path;
}

} // namespace users
