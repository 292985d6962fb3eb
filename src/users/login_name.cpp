// SPDX-License-Identifier: ISC
#include "users/login_name.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace users {

std::string login_name(std::string_view said, const config::NameSettings& settings) {
  std::string name(said);
  if (settings.name_case == config::NameSettings::NameCase::lower)
    std::ranges::transform(name, name.begin(), base::to_lower);
  if (!settings.default_domain.empty() && name.find('@') == std::string::npos)
    name.append("@").append(settings.default_domain);
  return name;
}

bool lacks_domain(std::string_view name, const config::NameSettings& settings) {
  return settings.require_domain && name.find('@') == std::string_view::npos;
}

} // namespace users
