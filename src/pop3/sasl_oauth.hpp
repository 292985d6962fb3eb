// SPDX-License-Identifier: ISC
// OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2: a token in place of a password.
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

/// A refused token is answered with a challenge that says so in JSON (RFC 7628 section 3.2.2), and
/// the client's next response, whatever it is, with the refusal. There is no such challenge when
/// the login was refused for another reason, or when the refusal ends the connection.
std::unique_ptr<Exchange> start_oauthbearer(Gatekeeper& gatekeeper);
std::unique_ptr<Exchange> start_xoauth2(Gatekeeper& gatekeeper);

} // namespace pop3
