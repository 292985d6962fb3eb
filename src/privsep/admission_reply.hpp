// SPDX-License-Identifier: ISC
// The reply to a client whose connection is not admitted. Runs in the front.
#pragma once

#include "pop3/reply.hpp"
#include "privsep/answer.hpp"

namespace privsep {

/// What the client is told when there is no place; not for Admission::granted.
pop3::Reply refusal(Admission admission);

} // namespace privsep
