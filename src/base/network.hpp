// SPDX-License-Identifier: ISC
// Which addresses somebody may come from: networks in CIDR notation (RFC 4632, RFC 4291
// section 2.3).
#pragma once

#include "base/address.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// An address, or all that begin with the same bits.
class Network {
 public:
  /// `ADDRESS` or `ADDRESS/BITS`, such as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.1. Nothing unless
  /// the address is one (see Address::parse) and the bits, in decimal, are not more than it has.
  /// Bits behind the prefix do not count.
  static std::optional<Network> parse(std::string_view text);

  /// An IPv4 address is in no IPv6 network, short as its prefix may be.
  bool contains(const Address& address) const;

 private:
  std::array<std::uint8_t, 16> octets_{};
  unsigned length_ = 0; // octets of an address of its kind
  unsigned bits_ = 0;
};

/// The octets of `address` as far as its network's prefix goes, which is that many bits of an
/// address of its kind, and zeros behind it: the same for all addresses of one network, and for no
/// other. The bits are not more than the address has.
std::string network_of(const Address& address, unsigned ipv4_bits, unsigned ipv6_bits);

/// Networks in a row with commas between them, one of which may be the word `local`.
class Networks {
 public:
  /// Networks that a line of the users file has room for, and more than anybody keeps in order.
  static constexpr std::size_t most = 64;

  /// Nothing when one of them is malformed, when there is none, or when there are more than `most`.
  static std::optional<Networks> parse(std::string_view text);

  /// Nothing stands for a client that has no address: a pipe, a terminal or a local socket, which
  /// `local` lets in.
  bool contains(const std::optional<Address>& address) const;
  bool empty() const { return networks_.empty() && !has_local_; }
  /// As it was parsed.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<Network> networks_;
  bool has_local_ = false;
};

} // namespace base
