// SPDX-License-Identifier: ISC
// How many connections the network of one client may have at once. Runs in the monitor.
#pragma once

#include "base/address.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "base/unique_fd.hpp"
#include "privsep/answer.hpp"

namespace privsep {

/// The right to one more connection from the network of `client`, for as long as it is held; an
/// empty descriptor for a client on this host, which is no network. Logs a refusal and a failure.
base::Result<base::UniqueFd, Admission> admit(const base::Address& client,
                                              const base::Settings& settings, const base::Log& log);

} // namespace privsep
