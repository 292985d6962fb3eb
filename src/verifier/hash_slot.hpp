// SPDX-License-Identifier: ISC
// The hash slot that each check of a password by a hash or a program takes first.
#pragma once

#include "base/result.hpp"
#include "state/hash_slots.hpp"
#include "verifier/verdict_log.hpp"
#include "verifier/verifier.hpp"

namespace verifier {

/// Waits for a slot, which is held until the result is destroyed, until the deadline or until the
/// front closes the channel. Without a slot gives a temporary verdict, which is logged unless the
/// front is gone. Throws std::system_error.
base::Result<state::HashSlots, Verdict> take_hash_slot(const Verification& verification,
                                                       const VerdictLog& verdicts);

} // namespace verifier
