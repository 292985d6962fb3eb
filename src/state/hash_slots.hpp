// SPDX-License-Identifier: ISC
// Limits how many passwords this host verifies at once, whatever the number of connections. All
// processes share a file; each verification locks one octet of it (slot_locks.hpp).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace state {

class HashSlots;

/// The right to one verification, until it is destroyed. Its HashSlots must outlive it.
class HashSlot {
 public:
  HashSlot(HashSlot&& other) noexcept;
  HashSlot& operator=(HashSlot&&) = delete;
  ~HashSlot();

  unsigned index() const noexcept { return index_; }

 private:
  friend class HashSlots;
  HashSlot(HashSlots& owner, unsigned index) noexcept : owner_(&owner), index_(index) {}

  HashSlots* owner_;
  unsigned index_;
};

/// Opening and acquiring are separate, so that a process may give up its privileges in between.
/// Open one in each process, after fork(2): a lock belongs to the open file description, so that
/// processes which inherit it share their slots, and the death of one leaves the slot to the other.
class HashSlots {
 public:
  /// Creates `path` (mode 0600) when it is missing; a symbolic link is not followed. `count` slots,
  /// or with 0 one for each processor that this process may use. Throws std::system_error.
  HashSlots(const std::string& path, unsigned count);
  /// Takes a descriptor that is open for writing.
  HashSlots(base::UniqueFd fd, unsigned count);
  HashSlots(const HashSlots&) = delete;
  HashSlots& operator=(const HashSlots&) = delete;

  using Clock = std::chrono::steady_clock;

  /// Tries every slot, then again each 10 ms; nothing when `deadline` has passed. A deadline in the
  /// past gives one round. One object holds one slot at a time. Throws std::system_error.
  std::optional<HashSlot> acquire(Clock::time_point deadline);

  unsigned count() const noexcept { return count_; }

 private:
  friend class HashSlot;
  void release(unsigned index) noexcept;

  base::UniqueFd fd_;
  unsigned count_;
  bool held_ = false;
};

} // namespace state
