// SPDX-License-Identifier: ISC
// Slots that processes share without a daemon: open file description locks (fcntl(2), F_OFD_SETLK),
// each on one octet of a file, which may be empty. The kernel frees them when the last descriptor
// of the open file description is closed, also when a process is killed.
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Opens `path` for locking, created with mode 0600 when it is missing; a symbolic link is not
/// followed. Throws std::system_error.
base::UniqueFd open_slots(const std::string& path);

/// Locks one of the `count` octets from `first` on for this open file description alone and gives
/// its number, 0 to count - 1. Tries all of them, then again each 10 ms; nothing when `deadline`
/// has passed. A deadline in the past gives one round. Throws std::system_error.
std::optional<unsigned> lock_slot(int fd, off_t first, unsigned count,
                                  std::chrono::steady_clock::time_point deadline);

/// Takes a shared lock on that octet, which several open file descriptions may have; an exclusive
/// lock of this one becomes shared. `fd` need not be writable. Throws std::system_error.
void share_slot(int fd, off_t octet);

void unlock_slot(int fd, off_t octet) noexcept;

/// The first octet of the range of `name`, one of 2^63 / `width` that are `width` octets long; the
/// last one ends at the maximum of off_t. A digest of the name chooses the range, so that two names
/// of one site share one only by accident. `width` is a power of two.
off_t slot_range(std::string_view name, std::uint64_t width);

/// Locks an octet of the file `path` as lock_slot() does. Gives a descriptor that holds the lock
/// until it and all its copies are closed. It is read-only, so that a process that gets it cannot
/// fill the file. Throws std::system_error.
std::optional<base::UniqueFd> hold_slot(const std::string& path, off_t first, unsigned count,
                                        std::chrono::steady_clock::time_point deadline);

} // namespace state
