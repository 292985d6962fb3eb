// SPDX-License-Identifier: ISC
// Slots that processes share without a daemon: open file description locks (fcntl(2), F_OFD_SETLK),
// each on one octet of a file that need not have any. The kernel frees them when the last
// descriptor of the open file description is closed, which a killed process cannot fail to do.
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

/// Locks one octet of the `count` from `first` on against everybody else and gives its number,
/// 0 to count - 1. Tries all of them, then again each 10 ms; nothing when `deadline` has passed. A
/// deadline in the past gives one round. Throws std::system_error.
std::optional<unsigned> lock_slot(int fd, off_t first, unsigned count,
                                  std::chrono::steady_clock::time_point deadline);

/// Makes that octet's lock one that several descriptions may have, but only shared with others of
/// this kind; for a description that has none yet, one of these. `fd` need not be writable. Throws
/// std::system_error.
void share_slot(int fd, off_t octet);

void unlock_slot(int fd, off_t octet) noexcept;

/// Where the range of `name` begins, one of 2^63 / `width` that are `width` octets long; the last
/// one ends where off_t does. A digest of the name chooses: for two names of one site to have the
/// same range is an accident. `width` is a power of two.
off_t slot_range(std::string_view name, std::uint64_t width);

/// Locks an octet as lock_slot() does, in the file `path`, and gives what holds it until the
/// descriptor that it is, and every copy of it, is closed. That cannot be written to: whoever comes
/// to have it cannot fill the file. Throws std::system_error.
std::optional<base::UniqueFd> hold_slot(const std::string& path, off_t first, unsigned count,
                                        std::chrono::steady_clock::time_point deadline);

} // namespace state
