// SPDX-License-Identifier: ISC
// How many connections come from one network at once by way of proxies, which a listener cannot
// tell apart: each holds one octet of a range of the file `source-slots` that belongs to the
// network (slot_locks.hpp).
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace state {

/// Octets of one range: the lowest power of two that holds what max-connections-per-source may be.
constexpr unsigned most_source_slots = 131'072;

/// The right to one more connection from `network`, any octets that are its alone, held until the
/// descriptor that it is, and every copy of it, is closed. Nothing when all `count` (1 to
/// most_source_slots) are taken now. `path` is created with mode 0600 when it is missing. The
/// descriptor cannot be written to. Throws std::system_error.
std::optional<base::UniqueFd> take_source_slot(const std::string& path, std::string_view network,
                                               unsigned count);

} // namespace state
