// SPDX-License-Identifier: ISC
// The lines that CAPA lists (RFC 2449).
#pragma once

#include "pop3/reply.hpp"
#include "pop3/session_profile.hpp"

namespace pop3 {

/// The lines are the same in both states (RFC 2449 section 5), except that the version of sodapop
/// is shown only after login (section 6.9 allows it).
Listing capabilities(const SessionProfile& profile, bool logged_in);

} // namespace pop3
