// SPDX-License-Identifier: ISC
// Limits how many passwords this host verifies at once, whatever the number of connections. All
// processes share a file; each verification locks one octet of it (slot_locks.hpp).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace state {

/// Opening and acquiring are separate, so that a process may give up its privileges in between.
/// Open one in each process, after fork(2): a lock belongs to the open file description, so that
/// processes which inherit it share their slots, and the death of one leaves the slot to the other.
class HashSlots {
 public:
  /// Creates `path` (mode 0600) when it is missing; a symbolic link is not followed. `count` slots,
  /// or with 0 one for each processor that this process may use. Throws std::system_error.
  HashSlots(const std::string& path, unsigned count);

  using Clock = std::chrono::steady_clock;

  /// Takes one slot, which is held until this object is destroyed, and gives its number. Tries
  /// every slot, then again each 10 ms; nothing when `deadline` has passed. A deadline in the past
  /// gives one round. Not to be called again while the slot is held: the kernel grants a lock again
  /// to the open file description that has it. Throws std::system_error.
  std::optional<unsigned> acquire(Clock::time_point deadline);

  unsigned count() const noexcept { return count_; }

 private:
  base::UniqueFd fd_;
  unsigned count_;
};

} // namespace state
