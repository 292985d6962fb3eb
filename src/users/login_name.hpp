// SPDX-License-Identifier: ISC
// From what a client calls itself to a name of the users file.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <string_view>

namespace users {

/// `said` in lower case where the site wants it (A to Z alone), and with the default domain behind
/// it where it has none. Not checked in any way.
std::string login_name(std::string_view said, const config::Settings& settings);

/// Whether the site wants a domain and `name` has none.
bool lacks_domain(std::string_view name, const config::Settings& settings);

} // namespace users
