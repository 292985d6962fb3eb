// SPDX-License-Identifier: ISC
// Tells of a failure that keeps the server, or one session, from starting.
#pragma once

#include <string>
#include <string_view>

namespace server {

/// Sends `line` to the client on descriptor 1, as far as it can be sent.
void tell_client(std::string_view line);

/// Opens the log for the problem that ends this process, and writes it; does nothing when the log
/// cannot be opened.
void log_failure(const std::string& log, std::string_view event, std::string_view problem);

} // namespace server
