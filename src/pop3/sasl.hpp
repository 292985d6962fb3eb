// SPDX-License-Identifier: ISC
// The SASL mechanisms that are implemented, and on which connections each is offered. In all of
// them the client speaks first: without an initial response it gets an empty challenge (RFC 5034
// section 4).
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

struct SessionProfile;

/// A row of the table of mechanisms.
struct SaslMechanism {
  std::string_view name; ///< As the capability SASL and the command AUTH list it.
  /// The client sends the password or token itself, so that this is for protected connections only.
  bool sends_password;
  /// The mechanism is known only when this is true; null when it is always known.
  bool SessionProfile::*condition;
  /// `gatekeeper` must outlive the exchange.
  std::unique_ptr<Exchange> (*start)(Gatekeeper& gatekeeper);
};

/// Null for an unknown name, and for a mechanism whose condition is false in `profile`; whether the
/// connection is protected is not checked here. Names are compared without regard to case (RFC 5034
/// section 5).
const SaslMechanism* find_mechanism(std::string_view name, const SessionProfile& profile);

/// The names of all mechanisms that may be used, separated by blanks; empty when there are none.
std::string mechanism_names(const SessionProfile& profile);

} // namespace pop3
