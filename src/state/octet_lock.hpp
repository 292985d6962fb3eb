// SPDX-License-Identifier: ISC
// Locks that processes share without a daemon: open file description locks (fcntl(2),
// F_OFD_SETLK), each on one octet of a file, which may be empty. The kernel frees them when the
// last descriptor of the open file description is closed, also when a process is killed.
#pragma once

#include "base/unique_fd.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Opens `path` for locking, created with mode 0600 when it is missing; a symbolic link is not
/// followed. Throws std::system_error.
base::UniqueFd open_lock_file(const std::string& path);

/// Takes an exclusive lock for this open file description, which must be writable. False when
/// another one has a lock on that octet. Throws std::system_error.
bool try_lock(int fd, off_t octet);

/// Tries the `count` octets from `first` on, of which processes begin at different ones, and gives
/// the number, 0 to count - 1, of the first that can be locked. Throws std::system_error.
std::optional<unsigned> lock_one_of(int fd, off_t first, unsigned count);

/// Waits for the lock in the kernel. False when a signal has come first; its handler must not have
/// SA_RESTART. Throws std::system_error.
bool wait_for_lock(int fd, off_t octet);

/// Takes a shared lock on that octet, which several open file descriptions may have; an exclusive
/// lock of this one becomes shared. `fd` need not be writable. Throws std::system_error.
void share_lock(int fd, off_t octet);

/// Gives the lock back. Throws std::system_error.
void unlock(int fd, off_t octet);

/// Gives back the locks on `octet` and on all octets behind it. Throws std::system_error.
void unlock_from(int fd, off_t octet);

/// The first octet of the range of `name`, one of 2^63 / `width` that are `width` octets long; the
/// last one ends at the maximum of off_t. A digest of the name chooses the range. `width` is a
/// power of two.
off_t octet_range(std::string_view name, std::uint64_t width);

} // namespace state
