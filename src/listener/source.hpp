// SPDX-License-Identifier: ISC
// Which network a client comes from.
#pragma once

#include <array>
#include <cstdint>
#include <sys/socket.h>

namespace listener {

/// How many bits of an address make a network.
struct Prefixes {
  std::uint32_t ipv4 = 32;
  std::uint32_t ipv6 = 64;
};

/// A client's address in the form of IPv6. IPv4 is mapped (RFC 4291, 2.5.5.2), however the client
/// came. This host itself, where TLS wrappers connect from, is no network.
class Source {
 public:
  /// This host.
  Source() = default;
  /// What accept(2) tells. Loopback addresses and sockets other than internet ones are this host.
  static Source of(const sockaddr_storage& peer);

  bool is_this_host() const { return !is_remote_; }
  /// Both are remote, and alike as far as `prefixes` look: from 1 to 32 and 128 bits.
  bool shares_network(const Source& other, const Prefixes& prefixes) const;

 private:
  bool is_ipv4() const;

  std::array<std::uint8_t, 16> octets_{};
  bool is_remote_ = false;
};

} // namespace listener
