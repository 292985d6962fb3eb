// SPDX-License-Identifier: ISC
// The SASL mechanisms that are implemented. In all of them the client speaks first: without an
// initial response it gets an empty challenge (RFC 5034 section 4).
#pragma once

#include "pop3/exchange.hpp"
#include "pop3/session_profile.hpp"

namespace pop3 {

/// A row of the table of exchanges.
struct SaslMechanism {
  Mechanism mechanism;
  /// `gatekeeper` must outlive the exchange.
  std::unique_ptr<Exchange> (*start)(Gatekeeper& gatekeeper);
};

/// Null for a name without a mechanism that is_known() in `profile`. Names are compared without
/// regard to case (RFC 5034 section 5).
const SaslMechanism* find_mechanism(std::string_view name, const SessionProfile& profile);

/// The names of all mechanisms for which is_possible() holds, separated by blanks; empty when there
/// are none.
std::string mechanism_names(const SessionProfile& profile);

} // namespace pop3
