// SPDX-License-Identifier: ISC
// The facts about a site and a connection that the protocol depends on, and the mechanisms that
// they allow. The front offers these mechanisms; the monitor accepts no others.
#pragma once

#include "pop3/mechanism.hpp"

#include <string>

namespace pop3 {

/// The mechanisms that the site accepts besides passwords.
struct SiteMechanisms {
  bool scram_on_protected = false;
  bool scram_on_unprotected = false;
  bool tokens = false;
  bool certificates = false;
};

struct SessionProfile {
  std::string hostname;
  std::string version;
  /// The connection is encrypted by a TLS wrapper, or local. Passwords are accepted only then.
  bool is_protected = false;
  /// The client has shown a certificate, which a TLS wrapper has verified.
  bool has_certificate = false;
  SiteMechanisms site{};
  /// A name without `@` is never accepted, and a client that sends one may be told so.
  bool requires_domain = false;
};

/// True when the site and the client have what the mechanism needs, apart from the protection of
/// the connection.
bool is_known(Mechanism mechanism, const SessionProfile& profile);

/// True when a login by this mechanism may be tried on this connection.
bool is_possible(Mechanism mechanism, const SessionProfile& profile);

} // namespace pop3
