// SPDX-License-Identifier: ISC
#include "front/proxy_reader.hpp"

#include <algorithm>

namespace front {

base::Result<proxy_protocol::Header, ipc::Ending>
read_proxy_header(base::DeadlineStream& stream, base::DeadlineStream::Clock::time_point deadline) {
  proxy_protocol::HeaderParser parser;
  std::array<char, 512> space;
  try {
    while (parser.wanted() > 0) {
      const auto part = std::span(space).first(std::min(space.size(), parser.wanted()));
      const auto octets = stream.read_some(part, deadline);
      if (const auto problem = parser.take({space.data(), octets}))
        return base::Refused{*problem == proxy_protocol::HeaderProblem::missing
                                 ? ipc::Ending::proxy_missing
                                 : ipc::Ending::proxy_malformed};
    }
  } catch (const base::Timeout&) {
    return base::Refused{parser.has_begun() ? ipc::Ending::proxy_late : ipc::Ending::proxy_missing};
  } catch (const base::ConnectionLost&) {
    return base::Refused{parser.has_begun() ? ipc::Ending::proxy_malformed
                                            : ipc::Ending::proxy_missing};
  }
  return parser.header();
}

ipc::ProxyRequest request_for(const proxy_protocol::Header& header) {
  ipc::ProxyRequest request;
  request.origin = header.origin;
  request.tls = header.tls;
  request.name_length = static_cast<std::uint32_t>(header.common_name.size());
  std::ranges::copy(header.common_name, request.common_name.begin());
  request.source = header.source.value_or(base::Address());
  return request;
}

} // namespace front
