// SPDX-License-Identifier: ISC
// Hash slots, which limit how many passwords this host verifies at once, whatever the number of
// connections. Each is a lock on one octet (octet_lock.hpp), for which processes wait in the
// kernel. Before, they pass the turnstile of their client's network, so that many connections of
// one network weigh as one.
#pragma once

#include "base/address.hpp"
#include "base/unique_fd.hpp"
#include "state/turnstile.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace state {

/// A process that wants a hash slot.
struct SlotClaim {
  using Clock = std::chrono::steady_clock;

  Clock::time_point deadline{};
  /// Nothing for a client on this host whose address is not told: it then has no network.
  std::optional<base::Address> client{};
  /// An attempt that may well be a guess. It passes the common turnstile of such attempts, and
  /// leaves the reserve to others.
  bool is_suspect = false;
  /// Whether the slot is still wanted; called as pass_turnstile() calls it.
  std::function<bool()> goes_on = [] { return true; };
  /// The longest wait for the turnstile of the network, which is then not passed, and for one slot,
  /// after which another one is tried: a process that holds either of them may have been stopped.
  Clock::duration patience = longest_sleep;
};

/// Open one in each process, after fork(2): a lock belongs to the open file description, so that
/// processes which inherit it share their slots, and the death of one leaves the slot to the other.
class HashSlots {
 public:
  /// The maximum of the setting hash-slots; the turnstiles are the octets behind these.
  static constexpr unsigned most = 1024;

  /// Opens the file by open_lock_file. `count` slots, `most` at most, or with 0 one for each
  /// processor that this process may use. Throws std::system_error.
  HashSlots(const std::string& path, unsigned count);

  /// Takes one slot, which is held until this object is destroyed, and gives its number. Nothing
  /// when there is none until the deadline, or when none is wanted any more. A deadline in the past
  /// gives one look. Not to be called again while the slot is held: the kernel grants a lock
  /// again to the open file description that has it. Throws std::system_error.
  std::optional<unsigned> acquire(const SlotClaim& claim);

  unsigned count() const noexcept { return count_; }
  /// Slots that suspects leave free: one of 2 to 7, a quarter of more.
  unsigned reserve() const noexcept { return count_ < 2 ? 0 : count_ < 8 ? 1 : count_ / 4; }

 private:
  std::optional<unsigned> wait_for_one_of(unsigned usable, const SlotClaim& claim) const;

  base::UniqueFd fd_;
  unsigned count_;
};

} // namespace state
