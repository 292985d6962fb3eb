// SPDX-License-Identifier: ISC
#include "state/hash_slots.hpp"

#include "state/slot_locks.hpp"

#include <algorithm>
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

HashSlots::HashSlots(const std::string& path, unsigned count)
    : fd_(open_slots(path)), count_(count > 0 ? count : processors()) {}

std::optional<unsigned> HashSlots::acquire(Clock::time_point deadline) {
  return lock_slot(fd_.get(), 0, count_, deadline);
}

} // namespace state
