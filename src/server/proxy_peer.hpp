// SPDX-License-Identifier: ISC
// Decides whether the peer of a connection is a proxy, which may send a PROXY header: by its
// address, or on a local socket by its account.
#pragma once

#include "base/log.hpp"
#include "server/session.hpp"

#include <optional>

namespace server {

/// The event for the log when the peer of `connection` is no proxy: it is outside proxy_networks,
/// or has connected by a local socket under another account than proxy_account, which the kernel
/// tells (SO_PEERCRED, unix(7)). A pipe has no account. Nothing for a proxy.
std::optional<base::Event> refusal_of_proxy(const SessionPlan& plan, int connection);

} // namespace server
