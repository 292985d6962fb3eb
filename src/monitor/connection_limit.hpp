// SPDX-License-Identifier: ISC
// Limits how many connections the network of one client may have at once. Runs in the monitor.
#pragma once

#include "base/address.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "ipc/answer.hpp"

namespace monitor {

/// The right to one more connection from the network of `client`, as long as the descriptor is
/// open; an empty descriptor for a client on this host, which is not limited. Logs a refusal and a
/// failure.
base::Result<base::UniqueFd, ipc::Admission>
admit(const base::Address& client, const config::Settings& settings, const base::Log& log);

} // namespace monitor
