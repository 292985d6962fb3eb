// SPDX-License-Identifier: ISC
// Digests by which failed logins are counted. They are made with the site's key: a name may be a
// mistyped password, and a wrong password is often nearly the right one.
#pragma once

#include "config/settings.hpp"
#include "passwords/personal_digest.hpp"

#include <string>
#include <string_view>

namespace login {

/// The user's name for the name that a client has sent: users::login_name().
std::string name_meant_by(std::string_view said, const config::NameSettings& settings);

/// passwords::name_digest(), which is also the digest in the log.
passwords::Digest digest_of_name(std::string_view site_key, std::string_view name);

/// A digest of name and password together. The name has no NUL.
passwords::Digest digest_of_password(std::string_view site_key, std::string_view name,
                                     std::string_view password);

} // namespace login
