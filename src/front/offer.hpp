// SPDX-License-Identifier: ISC
// Decides what a connection is offered. This is the only place where the offer is derived from how
// the client connected.
#pragma once

#include "config/settings.hpp"
#include "pop3/capabilities.hpp"

namespace front {

/// The properties of a connection that the offer depends on.
struct ClientSecurity {
  bool is_protected = false;    ///< The connection is encrypted or local.
  bool has_certificate = false; ///< The client has one, and a wrapper has verified it.
};

/// Sets the members of `profile` that depend on the connection and on the site's settings. With a
/// checkpassword program nothing but passwords is offered.
void offer(pop3::SessionProfile& profile, const config::Settings& settings, ClientSecurity client);

} // namespace front
