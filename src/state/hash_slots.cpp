// SPDX-License-Identifier: ISC
#include "state/hash_slots.hpp"

#include "state/octet_lock.hpp"

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
    : fd_(open_lock_file(path)), count_(count > 0 ? count : processors()) {}

} // namespace state
