// SPDX-License-Identifier: ISC
// Networks in CIDR notation (RFC 4632, RFC 4291 section 2.3), to say from which addresses a
// connection may come.
#pragma once

#include "base/address.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// The bits of an address that make its network: at most 32 of IPv4, at most 128 of IPv6.
struct Prefixes {
  unsigned ipv4 = 32;
  unsigned ipv6 = 128;
};

/// The first address of the network of `address`: all bits behind the prefix are zero. Addresses of
/// one network have the same result, addresses of different networks do not. IPv4 and IPv6 are
/// different networks, however short the prefixes are.
Address network_of(const Address& address, const Prefixes& prefixes);

/// The network that a client at `address` counts for. As network_of(), but an address of
/// 64:ff9b::/96 is the IPv4 address in it (RFC 6052, section 2.1): behind a translator, all clients
/// of IPv4 would be one network of IPv6 otherwise.
Address network_of_client(const Address& address, const Prefixes& prefixes);

/// One address, or all addresses that begin with the same bits.
class Network {
 public:
  /// Parses `ADDRESS` or `ADDRESS/BITS`, such as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.1. Nothing
  /// when the address is malformed (see Address::parse), or when BITS is not a decimal number or
  /// more than the address has. The bits behind the prefix are ignored.
  static std::optional<Network> parse(std::string_view text);

  /// An IPv4 address is in no IPv6 network, however short the prefix is.
  bool contains(const Address& address) const { return network_of(address, prefixes_) == first_; }
  /// True when an address is in both.
  bool overlaps(const Network& other) const {
    return contains(other.first_) || other.contains(first_);
  }
  /// How many bits of the address differ within the network; 0 for a single address.
  unsigned free_bits() const;

 private:
  Address first_;
  Prefixes prefixes_;
};

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
  const std::vector<Network>& networks() const { return networks_; }
  bool empty() const { return networks_.empty() && !has_local_; }
  /// The text that was parsed.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<Network> networks_;
  bool has_local_ = false;
};

} // namespace base
