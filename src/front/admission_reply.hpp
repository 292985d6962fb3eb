// SPDX-License-Identifier: ISC
// The reply to a client whose connection is not admitted. Runs in the front.
#pragma once

#include "ipc/answer.hpp"
#include "pop3/reply.hpp"

namespace front {

/// The reply to a client that is not admitted; not for Admission::granted.
pop3::Reply refusal(ipc::Admission admission);

} // namespace front
