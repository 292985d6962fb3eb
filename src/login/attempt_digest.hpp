// SPDX-License-Identifier: ISC
// What the failed logins of a name are counted by. The digests are made with the site's key: a name
// may be a mistyped password, and a wrong password is often nearly the right one.
#pragma once

#include "config/settings.hpp"
#include "passwords/personal_digest.hpp"

#include <string>
#include <string_view>

namespace login {

/// The name of the user that a client means who says `said`.
std::string name_meant_by(std::string_view said, const config::NameSettings& settings);

/// That of the log, passwords::name_digest().
passwords::Digest digest_of_name(std::string_view site_key, std::string_view name);

/// A digest of both.
passwords::Digest digest_of_password(std::string_view site_key, std::string_view name,
                                     std::string_view password);

} // namespace login
