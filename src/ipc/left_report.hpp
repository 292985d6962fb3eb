// SPDX-License-Identifier: ISC
// The report of a front that has gone while the monitor or keeper still worked for it.
#pragma once

#include "ipc/channel.hpp"
#include "ipc/request.hpp"

#include <optional>

namespace ipc {

/// Reads what is left on a channel that the front has closed, up to its report; nothing when there
/// is none, or something that is no request. Throws std::system_error.
std::optional<ReportRequest> left_report(Channel& channel);

} // namespace ipc
