// SPDX-License-Identifier: ISC
// The lines that CAPA lists (RFC 2449).
#pragma once

#include "pop3/reply.hpp"

#include <string>

namespace pop3 {

/// The facts about this connection that the protocol depends on.
struct SessionProfile {
  std::string hostname;
  std::string version;
  /// The connection is encrypted by a TLS wrapper, or local. Passwords are accepted only then.
  bool is_protected = false;
  /// The mechanisms offered on this connection: SCRAM-SHA-256; OAUTHBEARER and XOAUTH2, if it is
  /// protected; EXTERNAL, when the client has shown a certificate.
  bool scram = false;
  bool oauth = false;
  bool external = false;
  /// A name without `@` is never accepted, and a client that sends one may be told so.
  bool requires_domain = false;
};

/// The lines are the same in both states (RFC 2449 section 5), except that the version of sodapop
/// is shown only after login (section 6.9 allows it).
Listing capabilities(const SessionProfile& profile, bool logged_in);

} // namespace pop3
