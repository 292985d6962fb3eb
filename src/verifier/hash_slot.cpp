// SPDX-License-Identifier: ISC
#include "verifier/hash_slot.hpp"

namespace verifier {

base::Result<state::HashSlots, Verdict> take_hash_slot(const Verification& verification,
                                                       const VerdictLog& verdicts) {
  const auto& settings = verification.context.settings;
  const auto& channel = verification.channel;
  state::HashSlots slots(settings.runtime_directory + "/hash-slots", settings.hash_slots);
  const auto slot = slots.acquire({.deadline = verification.deadline,
                                   .client = verification.context.client.remote_address(),
                                   .is_suspect = verification.is_suspect,
                                   .goes_on = [&channel] { return !channel.is_closed(); }});
  if (channel.is_closed())
    return base::Refused{Verdict()};
  if (!slot)
    return base::Refused{verdicts.unavailable(Verdict::Kind::temporary, "no-hash-slot")};
  return slots;
}

} // namespace verifier
