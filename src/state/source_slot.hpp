// SPDX-License-Identifier: ISC
// Limits the connections from one network at once that come through proxies, which a listener
// cannot tell apart. Each holds one octet in the network's range of the file `source-slots`
// (slot_locks.hpp).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace state {

/// Octets of one range: the lowest power of two that is not below the maximum of
/// max-connections-per-source.
constexpr unsigned most_source_slots = 131'072;

/// Takes a slot for one more connection from `network`, octets that identify the network. The slot
/// is held until the descriptor and all its copies are closed. Nothing when all `count` (1 to
/// most_source_slots) are taken now. `path` is created with mode 0600 when it is missing. The
/// descriptor is read-only. Throws std::system_error.
std::optional<base::UniqueFd> take_source_slot(const std::string& path, std::string_view network,
                                               unsigned count);

} // namespace state
