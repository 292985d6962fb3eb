// SPDX-License-Identifier: ISC
// What a connection is offered: the one place where that follows from how the client came.
#pragma once

#include "base/settings.hpp"
#include "pop3/capabilities.hpp"
#include "privsep/startup.hpp"

namespace privsep {

/// Whether nobody can listen in on a connection that no proxy has passed on.
bool is_protected(const base::Settings& settings, const Connection& connection);

/// Sets in `site` all that depends on the connection.
void offer(pop3::Site& site, const base::Settings& settings, bool is_protected);

} // namespace privsep
