// SPDX-License-Identifier: ISC
// Slots that processes share, each of them a lock on one octet (octet_lock.hpp). User slots limit
// the sessions that one user has at once, under any launcher; source slots, the connections from
// one network at once that come through proxies, which a listener cannot tell apart. A digest of
// the name chooses the range of octets. Two names with the same range share their slots; among the
// 2^53 ranges of users this happens at one in eighteen thousand sites with a million names.
#pragma once

#include "base/address.hpp"
#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Octets of one range: the lowest power of two that is not below the maximum of
/// max-connections-per-user or of max-connections-per-source, so that ranges do not overlap.
constexpr unsigned most_user_slots = 1024, most_source_slots = 131'072;

/// Takes a slot of the file `path` for one more session of `user`. The slot is held until the
/// descriptor and all its copies are closed. Nothing when all `count` (1 to most_user_slots) are
/// taken until `deadline`. `path` is created with mode 0600 when it is missing. The descriptor is
/// read-only, so that a process that gets it cannot fill the file. Throws std::system_error.
std::optional<base::UniqueFd> take_user_slot(const std::string& path, std::string_view user,
                                             unsigned count,
                                             std::chrono::steady_clock::time_point deadline);

/// The same for one more connection from the network that begins with the address `network`
/// (base::network_of_client). Nothing when all `count` (1 to most_source_slots) are taken now.
std::optional<base::UniqueFd> take_source_slot(const std::string& path,
                                               const base::Address& network, unsigned count);

} // namespace state
