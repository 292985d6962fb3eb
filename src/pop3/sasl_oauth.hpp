// SPDX-License-Identifier: ISC
// OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2: a token in place of a password.
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

/// A token that is not accepted is answered with a challenge that says so in JSON (RFC 7628 section
/// 3.2.2), and whatever the client answers to that with the refusal. There is no such challenge
/// when it was not for the token, or when the connection ends with the refusal.
std::unique_ptr<Exchange> start_oauthbearer(Gatekeeper& gatekeeper);
std::unique_ptr<Exchange> start_xoauth2(Gatekeeper& gatekeeper);

} // namespace pop3
