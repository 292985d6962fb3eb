// SPDX-License-Identifier: ISC
// The SASL mechanisms we know, and on which connections each is offered. In all of them the client
// speaks first: without an initial response it gets an empty challenge (RFC 5034 section 4).
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

struct SessionProfile;

/// A row of the table of mechanisms.
struct SaslMechanism {
  std::string_view name; ///< As SASL and AUTH show it.
  /// Sends what logs in as it is, so that it is for protected connections only.
  bool sends_password;
  /// What has to hold for it to be known at all; null when nothing has to.
  bool SessionProfile::*condition;
  /// `gatekeeper` must outlive the exchange.
  std::unique_ptr<Exchange> (*start)(Gatekeeper& gatekeeper);
};

/// Null for a name nobody knows, and for one that `site` does not offer whether the connection is
/// protected or not. Names are compared without regard to case (RFC 5034 section 5).
const SaslMechanism* find_mechanism(std::string_view name, const SessionProfile& profile);

/// The names of all that may be used, separated by blanks; empty when none may.
std::string mechanism_names(const SessionProfile& profile);

} // namespace pop3
