// SPDX-License-Identifier: ISC
// Turns the name that a client sends into a name of the users file.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <string_view>

namespace users {

/// `said` in lower case (A to Z only) if the settings ask for it, and with the default domain, if
/// there is one, after a name without a domain. The result is not checked.
std::string login_name(std::string_view said, const config::NameSettings& settings);

/// True when the settings require a domain and `name` has none.
bool lacks_domain(std::string_view name, const config::NameSettings& settings);

} // namespace users
