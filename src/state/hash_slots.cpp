// SPDX-License-Identifier: ISC
#include "state/hash_slots.hpp"

#include "state/octet_lock.hpp"
#include "state/penalty_key.hpp"

#include <algorithm>
#include <cstdint>
#include <sched.h>
#include <string_view>
#include <unistd.h>

namespace state {

namespace {

using Clock = SlotClaim::Clock;

constexpr off_t turnstile_of_suspects = HashSlots::most;

/// The turnstile of a client's network is the last octet of a range, so that it is none of the
/// octets above.
constexpr unsigned turnstile_width = 2 * HashSlots::most;
static_assert(turnstile_width - 1 > turnstile_of_suspects);

off_t turnstile_of(const base::Address& client) {
  const auto octets = network_of_client(client).octets;
  const std::string_view name(reinterpret_cast<const char*>(octets.data()), octets.size());
  return octet_range(name, turnstile_width) + turnstile_width - 1;
}

/// The slot to wait for at first. Process ids of monitors may all be even; multiplied by 2^32 over
/// the golden ratio, numbers with equal distances spread evenly.
unsigned first_choice(unsigned usable) {
  constexpr std::uint32_t spread = 2'654'435'769;
  const auto mixed = static_cast<std::uint32_t>(::getpid()) * spread;
  return static_cast<unsigned>(std::uint64_t{mixed} * usable >> 32);
}

/// The number of processors that this process may use; sysconf(3) would read a file for it.
unsigned processors() {
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0)
    return static_cast<unsigned>(CPU_COUNT(&usable));
  return static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

Clock::time_point patient_until(const SlotClaim& claim) {
  return std::min(claim.deadline, Clock::now() + claim.patience);
}

} // namespace

HashSlots::HashSlots(const std::string& path, unsigned count)
    : fd_(open_lock_file(path)), count_(std::min(count > 0 ? count : processors(), most)) {}

std::optional<unsigned> HashSlots::wait_for_one_of(unsigned usable, const SlotClaim& claim) const {
  for (auto choice = first_choice(usable);; choice = (choice + 1) % usable) {
    if (const auto slot = lock_one_of(fd_.get(), 0, usable))
      return slot;
    if (Clock::now() >= claim.deadline || !claim.goes_on())
      return {};
    if (pass_turnstile(fd_.get(), choice, patient_until(claim), claim.goes_on))
      return choice;
  }
}

std::optional<unsigned> HashSlots::acquire(const SlotClaim& claim) {
  std::optional<unsigned> slot;
  // In vain when the process that has passed before was stopped.
  if (claim.client)
    (void)pass_turnstile(fd_.get(), turnstile_of(*claim.client), patient_until(claim),
                         claim.goes_on);
  if (!claim.is_suspect)
    slot = wait_for_one_of(count_, claim);
  else if (pass_turnstile(fd_.get(), turnstile_of_suspects, claim.deadline, claim.goes_on))
    slot = wait_for_one_of(count_ - reserve(), claim);
  if (claim.client || claim.is_suspect)
    unlock_from(fd_.get(), most);
  return slot;
}

} // namespace state
