// SPDX-License-Identifier: ISC
// Limits the sessions that one user has at once, under any launcher. Each holds one octet in the
// user's range of the file `user-slots` (slot_locks.hpp).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Octets of one range: the lowest power of two that is not below the maximum of
/// max-connections-per-user, so that ranges do not overlap.
constexpr unsigned most_user_slots = 1024;

/// The first octet of the range of `user`. There are 2^53 ranges; the last one ends at the maximum
/// of off_t. A digest of the name chooses the range. Two names with the same range share their
/// number of sessions; this happens at one in eighteen thousand sites with a million names.
off_t user_range(std::string_view user);

/// Takes a slot for one more session of `user`. The slot is held until the descriptor and all its
/// copies are closed. Nothing when all `count` (1 to most_user_slots) are taken until `deadline`.
/// `path` is created with mode 0600 when it is missing. The descriptor is read-only, so that a
/// process that gets it cannot fill the file. Throws std::system_error.
std::optional<base::UniqueFd> take_user_slot(const std::string& path, std::string_view user,
                                             unsigned count,
                                             std::chrono::steady_clock::time_point deadline);

} // namespace state
