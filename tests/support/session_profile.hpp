// SPDX-License-Identifier: ISC
// Profiles of connections to a site for tests.
#pragma once

#include "pop3/session_profile.hpp"

namespace support {

/// A site without mechanisms other than passwords.
inline pop3::SessionProfile profile(bool is_protected = true, pop3::SiteMechanisms site = {}) {
  return {.hostname = "pop.example.org",
          .version = "1.2.3",
          .is_protected = is_protected,
          .has_certificate = site.certificates,
          .site = site};
}

/// A site that accepts every mechanism, and a client that has shown a certificate.
inline pop3::SessionProfile full_profile(bool is_protected = true) {
  return profile(is_protected, {true, true, true, true});
}

} // namespace support
