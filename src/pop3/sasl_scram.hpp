// SPDX-License-Identifier: ISC
// SCRAM-SHA-256 (RFC 5802, RFC 7677): the client does not send its password. There is no -PLUS, as
// TLS, if any, ends in another program.
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

/// The server's last message is a challenge, as POP3's +OK has no room for it (RFC 5034 section 4).
/// The client has to answer it with an empty response before it is logged in. A client whose
/// authorization identity is not its own name is tried with a proof that is always wrong.
std::unique_ptr<Exchange> start_scram(Gatekeeper& gatekeeper);

} // namespace pop3
