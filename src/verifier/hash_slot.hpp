// SPDX-License-Identifier: ISC
// The hash slot that each check of a password by a hash or a program takes first.
#pragma once

#include "base/result.hpp"
#include "ipc/channel.hpp"
#include "state/hash_slots.hpp"
#include "verifier/verdict_log.hpp"
#include "verifier/verifier.hpp"

#include <chrono>

namespace verifier {

/// Waits for a slot, which is held until the result is destroyed, until the deadline or until the
/// front closes `channel`; `is_suspect` is as in state::SlotClaim. Without a slot gives a temporary
/// verdict, which is logged unless the front is gone. Throws std::system_error.
base::Result<state::HashSlots, Verdict>
take_hash_slot(const VerifierContext& context, const ipc::Channel& channel,
               const VerdictLog& verdicts, bool is_suspect,
               std::chrono::steady_clock::time_point deadline);

} // namespace verifier
