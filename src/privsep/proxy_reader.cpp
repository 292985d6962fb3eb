// SPDX-License-Identifier: ISC
#include "privsep/proxy_reader.hpp"

#include <algorithm>

namespace privsep {

base::Result<base::ProxyHeader, Ending>
read_proxy_header(base::DeadlineStream& stream, base::DeadlineStream::Clock::time_point deadline) {
  base::ProxyHeaderParser parser;
  std::array<char, 512> space;
  try {
    while (parser.wanted() > 0) {
      const auto part = std::span(space).first(std::min(space.size(), parser.wanted()));
      const auto octets = stream.read_some(part, deadline);
      if (const auto problem = parser.take({space.data(), octets}))
        return base::Refused{*problem == base::ProxyProblem::missing ? Ending::proxy_missing
                                                                     : Ending::proxy_malformed};
    }
  } catch (const base::Timeout&) {
    return base::Refused{Ending::proxy_late};
  } catch (const base::ConnectionLost&) {
    return base::Refused{parser.has_begun() ? Ending::proxy_malformed : Ending::proxy_missing};
  }
  return parser.header();
}

ProxyRequest request_for(const base::ProxyHeader& header) {
  ProxyRequest request;
  request.origin = header.origin;
  request.tls = header.tls;
  request.has_certificate = header.has_certificate ? 1 : 0;
  request.name_length = static_cast<std::uint32_t>(header.common_name.size());
  std::ranges::copy(header.common_name, request.common_name.begin());
  if (header.source)
    std::ranges::copy(header.source->text(), request.source.begin());
  return request;
}

} // namespace privsep
