// SPDX-License-Identifier: ISC
// How many sessions one user has at once, under whatever launcher: each holds one octet of a range
// of the file `user-slots` that belongs to the user's name (slot_locks.hpp).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Octets of one range: the lowest power of two that holds what max-connections-per-user may be,
/// so that ranges do not overlap.
constexpr unsigned most_user_slots = 1024;

/// Where the range of `user` begins. There are 2^53 of them, so that the last one ends where off_t
/// does, and a digest of the name chooses: for two names of one site to have the same range, and
/// to share their number of sessions then, is an accident that a million names meet once in
/// eighteen thousand sites.
off_t user_range(std::string_view user);

/// The right to one more session of `user`, held until the descriptor that it is, and every copy
/// of it, is closed. Nothing when all `count` (1 to most_user_slots) are taken until `deadline`.
/// `path` is created with mode 0600 when it is missing. The descriptor cannot be written to:
/// whoever comes to have it cannot fill the file. Throws std::system_error.
std::optional<base::UniqueFd> take_user_slot(const std::string& path, std::string_view user,
                                             unsigned count,
                                             std::chrono::steady_clock::time_point deadline);

} // namespace state
