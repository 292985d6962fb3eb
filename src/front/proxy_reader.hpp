// SPDX-License-Identifier: ISC
// Reads the header that a proxy sends before the client's data. Runs in the front before any data
// of the client is read, so that a client cannot yet have taken over the front.
#pragma once

#include "base/deadline_stream.hpp"
#include "base/result.hpp"
#include "ipc/request.hpp"

namespace front {

/// The time from the connection to the end of the header. The specification asks receivers to wait
/// at least three seconds, the time for one lost packet; proxies send the header at once.
constexpr std::chrono::seconds proxy_header_timeout{5};

/// Reads one header and nothing after it. Refusals are proxy_missing (also when no octet comes
/// until the deadline), proxy_malformed (also for a header that is cut off) and proxy_late. Throws
/// the other exceptions of DeadlineStream.
base::Result<proxy_protocol::Header, ipc::Ending>
read_proxy_header(base::DeadlineStream& stream, base::DeadlineStream::Clock::time_point deadline);

/// The request that sends the contents of `header` to the monitor.
ipc::ProxyRequest request_for(const proxy_protocol::Header& header);

} // namespace front
