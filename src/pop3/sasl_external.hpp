// SPDX-License-Identifier: ISC
// EXTERNAL (RFC 4422 appendix A): the client has authenticated by a certificate, and may only add
// an authorization identity.
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

/// The response is an authorization identity: empty, or at most max_user_name octets of UTF-8
/// without NUL.
std::unique_ptr<Exchange> start_external(Gatekeeper& gatekeeper);

} // namespace pop3
