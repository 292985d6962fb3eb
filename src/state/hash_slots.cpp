// SPDX-License-Identifier: ISC
#include "state/hash_slots.hpp"

#include "state/slot_locks.hpp"

#include <algorithm>
#include <cassert>
#include <sched.h>
#include <unistd.h>

namespace state {

namespace {

/// The number of processors that this process may use; sysconf(3) would read a file for it.
unsigned processors() {
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0)
    return static_cast<unsigned>(CPU_COUNT(&usable));
  return static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

} // namespace

HashSlot::HashSlot(HashSlot&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), index_(other.index_) {}

HashSlot::~HashSlot() {
  if (owner_ != nullptr)
    owner_->release(index_);
}

HashSlots::HashSlots(const std::string& path, unsigned count)
    : HashSlots(open_slots(path), count) {}

HashSlots::HashSlots(base::UniqueFd fd, unsigned count)
    : fd_(std::move(fd)), count_(count > 0 ? count : processors()) {}

std::optional<HashSlot> HashSlots::acquire(Clock::time_point deadline) {
  // The kernel grants a lock again that the same open file description already has.
  assert(!held_);
  const auto index = lock_slot(fd_.get(), 0, count_, deadline);
  if (!index)
    return {};
  held_ = true;
  return HashSlot(*this, *index);
}

void HashSlots::release(unsigned index) noexcept {
  unlock_slot(fd_.get(), off_t{index});
  held_ = false;
}

} // namespace state
