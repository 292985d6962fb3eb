// SPDX-License-Identifier: ISC
// Writes the lines that a client without a login can cause at any rate, each of them the first of
// its connection, and counts those connections that are not logged. Where connections cannot be
// counted, all are logged, but for the silent ones. Nothing here throws.
#pragma once

#include "base/log.hpp"

#include <cstdint>
#include <string>

namespace monitor {

/// Writes `event`, with the number of connections that were not logged before. False when too many
/// connections of this second are logged: then it is not written, and counted.
bool log_connection(const base::Log& log, base::Event event, const std::string& runtime_directory);

/// Counts a connection that is not logged, as it has ended without a word of the client. Tells the
/// number of them about once a minute.
void count_silent_connection(const base::Log& log, const std::string& runtime_directory);

/// The connections that were not logged and not yet told, which are then counted as told.
std::uint64_t suppressed_connections(const std::string& runtime_directory);

/// The event that tells this number.
base::Event unlogged(std::uint64_t connections);

} // namespace monitor
