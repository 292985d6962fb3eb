// SPDX-License-Identifier: ISC
// The options of a client's TCP connection, for all forms of the start.
#pragma once

#include <chrono>

namespace base {

/// A connection is probed for the first time when the client has been silent for so long. A client
/// that is alive answers without noticing. Less would wake the radio of a telephone for nothing.
constexpr std::chrono::seconds keepalive_idle{60};
/// The time between two probes, and how many of them may stay without an answer.
constexpr std::chrono::seconds keepalive_interval{10};
constexpr int keepalive_probes = 3;
/// The time for which what was sent may stay without an acknowledgement, and for which a client may
/// have no room for it (tcp(7), TCP_USER_TIMEOUT). Where it is set it also says when probes have
/// failed: with half an interval less than they take, the third of them is the last.
constexpr std::chrono::milliseconds longest_unacknowledged =
    keepalive_idle + keepalive_probes * keepalive_interval - keepalive_interval / 2;
/// Octets that may wait in the send buffer beyond those in flight. So a process that waits for room
/// sees progress when a client has taken a part of this, and not when it has taken a third of a
/// buffer that may have 4 MiB; how much is in flight stays the kernel's choice.
constexpr int most_unsent = 128 * 1024;

/// Sets them on a connection, or on a listening socket, whose connections inherit them. Nothing
/// happens to another descriptor.
void set_connection_options(int fd) noexcept;

} // namespace base
