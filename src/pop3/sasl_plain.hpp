// SPDX-License-Identifier: ISC
// PLAIN (RFC 4616): name and password in one message.
#pragma once

#include "pop3/exchange.hpp"

namespace pop3 {

/// A client whose authorization identity is not its own name is tried with an empty password, so
/// that it counts and costs as much as a wrong password.
std::unique_ptr<Exchange> start_plain(Gatekeeper& gatekeeper);

} // namespace pop3
