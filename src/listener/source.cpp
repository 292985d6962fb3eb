// SPDX-License-Identifier: ISC
#include "listener/source.hpp"

#include <algorithm>
#include <netinet/in.h>

namespace listener {

namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

} // namespace

Source Source::of(const sockaddr_storage& peer) {
  Source source;
  auto& octets = source.octets_;
  if (peer.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
    std::copy_n(mapped.begin(), mapped.size(), octets.begin());
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&v4), sizeof v4, octets.begin() + 12);
  } else if (peer.ss_family == AF_INET6) {
    std::copy_n(reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr.s6_addr, octets.size(),
                octets.begin());
  } else {
    return {};
  }
  constexpr std::array<std::uint8_t, 16> loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  source.is_remote_ = octets != loopback && !(source.is_ipv4() && octets[12] == 127);
  return source;
}

bool Source::is_ipv4() const {
  return std::equal(mapped.begin(), mapped.end(), octets_.begin());
}

bool Source::shares_network(const Source& other, const Prefixes& prefixes) const {
  if (!is_remote_ || !other.is_remote_)
    return false;
  const bool ipv4 = is_ipv4();
  if (ipv4 != other.is_ipv4())
    return false; // a short IPv6 prefix would contain all of IPv4
  const auto bits = ipv4 ? 8 * mapped.size() + prefixes.ipv4 : prefixes.ipv6;
  const auto whole = bits / 8;
  if (!std::equal(octets_.begin(), octets_.begin() + whole, other.octets_.begin()))
    return false;
  const auto mask = static_cast<std::uint8_t>(0xff00 >> (bits % 8));
  return bits % 8 == 0 || ((octets_[whole] ^ other.octets_[whole]) & mask) == 0;
}

} // namespace listener
