// SPDX-License-Identifier: ISC
#include "front/first_octets.hpp"

namespace front {

namespace {

/// A record of the type handshake, and the major version of all of SSL 3 and TLS (RFC 8446,
/// section 5.1).
constexpr std::array<char, 2> tls_handshake{0x16, 0x03};

} // namespace

std::optional<ipc::Ending> FirstOctets::take(std::string_view octets) {
  taken_ += octets.copy(first_.data() + taken_, first_.size() - taken_);
  if (first_ == tls_handshake)
    return ipc::Ending::tls_unexpected;
  if (header_.has_come(octets))
    return follow_header_ ? ipc::Ending::proxy_doubled : ipc::Ending::proxy_unexpected;
  return {};
}

} // namespace front
