// SPDX-License-Identifier: ISC
// Slots that processes share, each of them a lock on one octet (octet_lock.hpp). Hash slots limit
// how many passwords this host verifies at once, whatever the number of connections; user slots,
// the sessions that one user has at once, under any launcher; source slots, the connections from
// one network at once that come through proxies, which a listener cannot tell apart.
#pragma once

#include "base/address.hpp"
#include "base/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Locks one of the `count` octets from `first` on for this open file description alone and gives
/// its number, 0 to count - 1. Tries all of them, then again each 10 ms; nothing when `deadline`
/// has passed. A deadline in the past gives one round. Throws std::system_error.
std::optional<unsigned> lock_slot(int fd, off_t first, unsigned count,
                                  std::chrono::steady_clock::time_point deadline);

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

/// Octets of one range: the lowest power of two that is not below the maximum of
/// max-connections-per-user or of max-connections-per-source, so that ranges do not overlap.
constexpr unsigned most_user_slots = 1024, most_source_slots = 131'072;

/// The first octet of the range of `name`, one of 2^63 / `width` that are `width` octets long; the
/// last one ends at the maximum of off_t. A digest of the name chooses the range. Two names with
/// the same range share their slots; among the 2^53 ranges of users this happens at one in eighteen
/// thousand sites with a million names. `width` is a power of two.
off_t slot_range(std::string_view name, std::uint64_t width);

/// Takes a slot of the file `path` for one more session of `user`. The slot is held until the
/// descriptor and all its copies are closed. Nothing when all `count` (1 to most_user_slots) are
/// taken until `deadline`. `path` is created with mode 0600 when it is missing. The descriptor is
/// read-only, so that a process that gets it cannot fill the file. Throws std::system_error.
std::optional<base::UniqueFd> take_user_slot(const std::string& path, std::string_view user,
                                             unsigned count,
                                             std::chrono::steady_clock::time_point deadline);

/// The same for one more connection from the network that begins with the address `network`
/// (base::network_of). Nothing when all `count` (1 to most_source_slots) are taken now.
std::optional<base::UniqueFd> take_source_slot(const std::string& path,
                                               const base::Address& network, unsigned count);

} // namespace state
