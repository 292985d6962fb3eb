// SPDX-License-Identifier: ISC
// Reads what a proxy says in front of a connection. Runs in the front, before the client has had a
// chance to say anything, so that a client cannot have taken the front over by then.
#pragma once

#include "base/deadline_stream.hpp"
#include "base/result.hpp"
#include "ipc/message.hpp"

namespace front {

/// From the connection to the end of its header: the specification asks receivers for three seconds
/// at least, the time of one lost packet, and proxies send it at once.
constexpr std::chrono::seconds proxy_header_timeout{5};

/// One header, and nothing of what follows it. Gives proxy_missing, proxy_malformed, which a header
/// that is cut off is as well, or proxy_late. Throws what DeadlineStream throws besides.
base::Result<proxy_protocol::Header, ipc::Ending>
read_proxy_header(base::DeadlineStream& stream, base::DeadlineStream::Clock::time_point deadline);

/// What the monitor is told of it.
ipc::ProxyRequest request_for(const proxy_protocol::Header& header);

} // namespace front
