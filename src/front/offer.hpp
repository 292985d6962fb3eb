// SPDX-License-Identifier: ISC
// What a connection is offered: the one place where that follows from how the client came.
#pragma once

#include "config/settings.hpp"
#include "pop3/capabilities.hpp"

namespace front {

/// The facts of a connection that decide.
struct ClientSecurity {
  bool is_protected = false;    ///< Nobody can listen in.
  bool has_certificate = false; ///< Of the client's, which a wrapper has verified.
};

/// Sets in `profile` all that depends on the connection and on what the site's settings allow. A
/// program that checks passwords leaves room for nothing but passwords.
void offer(pop3::SessionProfile& profile, const config::Settings& settings, ClientSecurity client);

} // namespace front
