// SPDX-License-Identifier: ISC
// Networks in CIDR notation (RFC 4632, RFC 4291 section 2.3), to say from which addresses a
// connection may come.
#pragma once

#include "base/address.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// One address, or all addresses that begin with the same bits.
class Network {
 public:
  /// Parses `ADDRESS` or `ADDRESS/BITS`, such as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.1. Nothing
  /// when the address is malformed (see Address::parse), or when BITS is not a decimal number or
  /// more than the address has. The bits behind the prefix are ignored.
  static std::optional<Network> parse(std::string_view text);

  /// An IPv4 address is in no IPv6 network, however short the prefix is.
  bool contains(const Address& address) const;

 private:
  std::array<std::uint8_t, 16> octets_{};
  unsigned length_ = 0; // octets of an address: 4 or 16
  unsigned bits_ = 0;
};

/// The octets of `address`, in which all bits behind the prefix of its network are zero. The prefix
/// has `ipv4_bits` or `ipv6_bits` bits, not more than the address has. Addresses of one network
/// have the same result, addresses of different networks do not.
std::string network_of(const Address& address, unsigned ipv4_bits, unsigned ipv6_bits);

/// A list of networks with commas between them. The word `local` may be in the list, too.
class Networks {
 public:
  /// The most networks in a list: as many as a line of the users file has room for, and more than
  /// an administrator can keep in order.
  static constexpr std::size_t most = 64;

  /// Nothing when a network is malformed, when the list is empty, or when it has more than `most`
  /// networks.
  static std::optional<Networks> parse(std::string_view text);

  /// Without an address, true when the list has `local`: the client is then on a pipe, a terminal
  /// or a local socket.
  bool contains(const std::optional<Address>& address) const;
  bool empty() const { return networks_.empty() && !has_local_; }
  /// The text that was parsed.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<Network> networks_;
  bool has_local_ = false;
};

} // namespace base
