// SPDX-License-Identifier: ISC
// The log line for a connection whose first octets do not fit the settings: the server and the
// program in front of it are set up differently, or a client has taken the wrong port.
#pragma once

#include "base/log.hpp"
#include "ipc/request.hpp"

#include <optional>

namespace monitor {

/// The event, with what the administrator can do about it in `hint`; nothing for other endings.
std::optional<base::Event> mismatch_event(ipc::Ending ending);

} // namespace monitor
