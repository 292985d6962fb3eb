// SPDX-License-Identifier: ISC
// The network that a client comes from.
#pragma once

#include <array>
#include <cstdint>
#include <sys/socket.h>

namespace listener {

/// The number of address bits that identify a network.
struct Prefixes {
  std::uint32_t ipv4 = 32;
  std::uint32_t ipv6 = 64;
};

/// A client's address in the form of IPv6. IPv4 addresses are mapped (RFC 4291, 2.5.5.2),
/// whatever the socket's family. This host itself, where TLS wrappers connect from, is no network.
class Source {
 public:
  /// This host.
  Source() = default;
  /// The source of an address from accept(2). Loopback addresses and sockets that are not internet
  /// sockets are this host.
  static Source of(const sockaddr_storage& peer);

  bool is_this_host() const { return !is_remote_; }
  /// True when both are remote and have the same bits up to the prefix, which is 1 to 32 bits for
  /// IPv4 and 1 to 128 for IPv6.
  bool shares_network(const Source& other, const Prefixes& prefixes) const;

 private:
  bool is_ipv4() const;

  std::array<std::uint8_t, 16> octets_{};
  bool is_remote_ = false;
};

} // namespace listener
