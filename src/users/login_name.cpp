// SPDX-License-Identifier: ISC
#include "users/login_name.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace users {

std::string login_name(std::string_view said, const config::NameSettings& settings) {
  std::string name(said);
  if (!settings.default_domain.empty() && name.find('@') == std::string::npos)
    name.append("@").append(settings.default_domain);
  const bool is_lower = settings.name_case == config::NameSettings::NameCase::lower;
  return is_lower ? in_lower_case(name) : name;
}

std::string in_lower_case(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), base::to_lower);
  return lower;
}

bool lacks_domain(std::string_view name, const config::NameSettings& settings) {
  return settings.require_domain && name.find('@') == std::string_view::npos;
}

} // namespace users
