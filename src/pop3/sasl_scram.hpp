// SPDX-License-Identifier: ISC
// SCRAM-SHA-256 (RFC 5802, RFC 7677): the password itself never comes. Without -PLUS, as TLS, if
// any, ends outside.
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

/// As POP3's +OK has no room for it (RFC 5034 section 4), the server's last message is a challenge,
/// which the client has to answer with an empty response before it is logged in. Who asks to act
/// for somebody else is tried with a proof that fits nothing.
std::unique_ptr<Exchange> start_scram(Gatekeeper& gatekeeper);

} // namespace pop3
