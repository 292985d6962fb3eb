// SPDX-License-Identifier: ISC
// Decides whether the begin and the end of a connection are logged. Where connections cannot be
// counted, all are. Nothing here throws.
#pragma once

#include "state/line_budget.hpp"

#include <cstdint>
#include <string>

namespace monitor {

/// The turn of a connection that begins now.
state::LineTurn turn_to_log(const std::string& runtime_directory);

/// The connections that were not logged and not yet told, which are then counted as told.
std::uint64_t suppressed_connections(const std::string& runtime_directory);

} // namespace monitor
