// SPDX-License-Identifier: ISC
// What CAPA announces (RFC 2449).
#pragma once

#include "pop3/reply.hpp"

#include <string>

namespace pop3 {

/// The facts about this connection that the protocol depends on.
struct SessionProfile {
  std::string hostname;
  std::string version;
  /// Nobody can listen in: TLS outside, or this machine. Passwords are accepted only then.
  bool is_protected = false;
  /// What is offered on this connection: SCRAM-SHA-256; OAUTHBEARER and XOAUTH2 where protected;
  /// EXTERNAL, as a certificate was shown.
  bool scram = false;
  bool oauth = false;
  bool external = false;
  /// A name without `@` cannot be right, and whoever gives one may be told so.
  bool requires_domain = false;
};

/// The same lines in both states (RFC 2449 section 5), except that our version is told only after
/// login (section 6.9 allows it).
Listing capabilities(const SessionProfile& profile, bool logged_in);

} // namespace pop3
