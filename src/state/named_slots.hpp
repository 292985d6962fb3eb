// SPDX-License-Identifier: ISC
// Limits the sessions that one user has at once, under any launcher, and the connections from one
// network at once that come through proxies, which a listener cannot tell apart. Each of them holds
// one octet of a file (slot_locks.hpp), in the range of its user or of its network.
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
