// SPDX-License-Identifier: ISC
// Turns the name that a client sends into a name of the users file.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <string_view>

namespace users {

/// `said` with the default domain, if there is one, after a name without a domain; and then, if the
/// settings ask for it, all of it in lower case (A to Z only), so that a user has one name however
/// the client and the setting write it. The result is not checked.
std::string login_name(std::string_view said, const config::NameSettings& settings);

/// `name` with a to z in the place of A to Z.
std::string in_lower_case(std::string_view name);

/// True when the settings require a domain and `name` has none.
bool lacks_domain(std::string_view name, const config::NameSettings& settings);

} // namespace users
