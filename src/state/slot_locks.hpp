// SPDX-License-Identifier: ISC
// Slots that processes share without a daemon: open file description locks (fcntl(2), F_OFD_SETLK),
// each on one octet of a file, which may be empty. The kernel frees them when the last descriptor
// of the open file description is closed, also when a process is killed.
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
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

} // namespace state
