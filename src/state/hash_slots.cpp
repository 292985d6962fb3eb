// SPDX-License-Identifier: ISC
#include "state/hash_slots.hpp"

#include "base/network.hpp"
#include "state/octet_lock.hpp"

#include <algorithm>
#include <sched.h>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace state {

namespace {

using Clock = SlotClaim::Clock;

/// Only two processes at a time look, so that they may do it often: a hash takes ten times as long.
constexpr std::chrono::milliseconds pause_between_looks{2};

/// What counts as one client: IPv6 networks of this length are given to single customers.
constexpr base::Prefixes one_client{32, 64};

constexpr off_t common_turnstile = HashSlots::most;
constexpr off_t turnstile_of_suspects = common_turnstile + 1;

/// The turnstile of a client's network is the last octet of a range, so that none is among the
/// octets above.
constexpr unsigned turnstile_width = 2 * HashSlots::most;
static_assert(turnstile_width - 1 > turnstile_of_suspects);

off_t turnstile_of(const base::Address& client) {
  const auto octets = base::network_of(client, one_client).octets;
  const std::string_view name(reinterpret_cast<const char*>(octets.data()), octets.size());
  return octet_range(name, turnstile_width) + turnstile_width - 1;
}

/// The number of processors that this process may use; sysconf(3) would read a file for it.
unsigned processors() {
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0)
    return static_cast<unsigned>(CPU_COUNT(&usable));
  return static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

} // namespace

HashSlots::HashSlots(const std::string& path, unsigned count)
    : fd_(open_lock_file(path)), count_(std::min(count > 0 ? count : processors(), most)) {}

std::optional<unsigned> HashSlots::look(unsigned usable, const SlotClaim& claim) const {
  for (;;) {
    if (const auto slot = lock_one_of(fd_.get(), 0, usable))
      return slot;
    const auto left = claim.deadline - Clock::now();
    if (left <= Clock::duration::zero() || !claim.goes_on())
      return {};
    std::this_thread::sleep_for(std::min<Clock::duration>(left, pause_between_looks));
  }
}

std::optional<unsigned> HashSlots::acquire(const SlotClaim& claim) {
  const auto usable = claim.is_suspect ? count_ - reserve() : count_;
  const auto patient_until = Clock::now() + claim.patience;
  std::optional<unsigned> slot;
  const auto goes_on = [&] {
    if (Clock::now() >= patient_until)
      slot = lock_one_of(fd_.get(), 0, usable);
    return !slot && claim.goes_on();
  };
  const auto pass = [&](off_t turnstile) {
    return pass_turnstile(fd_.get(), turnstile, claim.deadline, goes_on);
  };
  if ((!claim.client || pass(turnstile_of(*claim.client))) &&
      pass(claim.is_suspect ? turnstile_of_suspects : common_turnstile))
    slot = look(usable, claim);
  unlock_from(fd_.get(), HashSlots::most);
  return slot;
}

} // namespace state
