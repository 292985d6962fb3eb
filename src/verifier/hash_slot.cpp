// SPDX-License-Identifier: ISC
#include "verifier/hash_slot.hpp"

namespace verifier {

base::Result<state::HashSlots, Verdict>
take_hash_slot(const VerifierContext& context, const ipc::Channel& channel,
               const VerdictLog& verdicts, bool is_suspect,
               std::chrono::steady_clock::time_point deadline) {
  const auto& settings = context.settings;
  state::HashSlots slots(settings.runtime_directory + "/hash-slots", settings.hash_slots);
  const auto slot = slots.acquire({.deadline = deadline,
                                   .client = context.client.remote_address(),
                                   .is_suspect = is_suspect,
                                   .goes_on = [&channel] { return !channel.is_closed(); }});
  if (channel.is_closed())
    return base::Refused{Verdict()};
  if (!slot)
    return base::Refused{verdicts.unavailable(Verdict::Kind::temporary, "no-hash-slot")};
  return slots;
}

} // namespace verifier
