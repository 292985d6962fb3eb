// SPDX-License-Identifier: ISC
// Hash slots, which limit how many passwords this host verifies at once, whatever the number of
// connections. Each is a lock on one octet (octet_lock.hpp).
#pragma once

#include "base/unique_fd.hpp"
#include "state/slots.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace state {

/// Open one in each process, after fork(2): a lock belongs to the open file description, so that
/// processes which inherit it share their slots, and the death of one leaves the slot to the other.
class HashSlots {
 public:
  /// Opens the file by open_lock_file. `count` slots, or with 0 one for each processor that this
  /// process may use. Throws std::system_error.
  HashSlots(const std::string& path, unsigned count);

  using Clock = std::chrono::steady_clock;

  /// Takes one slot as lock_slot does, which is held until this object is destroyed, and gives its
  /// number. Not to be called again while the slot is held: the kernel grants a lock again to the
  /// open file description that has it. Throws std::system_error.
  std::optional<unsigned> acquire(Clock::time_point deadline) {
    return lock_slot(fd_.get(), 0, count_, deadline);
  }

  unsigned count() const noexcept { return count_; }

 private:
  base::UniqueFd fd_;
  unsigned count_;
};

} // namespace state
