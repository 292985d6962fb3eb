// SPDX-License-Identifier: ISC
// The IP address of a client, or of this machine (loopback).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sockaddr_storage;

namespace base {

/// The most octets of an address as text, its NUL included.
inline constexpr std::size_t address_text_octets = 46;

/// An IPv6 address, or an IPv4 address mapped into IPv6 (RFC 4291, section 2.5.5.2): both forms of
/// an IPv4 address are one value.
struct Address {
  std::array<std::uint8_t, 16> octets{}; ///< In network order.

  /// Nothing unless `text` is an address as inet_pton(3) reads it, without port, brackets or zone.
  static std::optional<Address> parse(std::string_view text);
  /// The address with these 4 octets of IPv4 or 16 of IPv6, in network order.
  static Address of_octets(std::span<const std::byte> octets);
  /// The address that accept(2) or getpeername(2) gave. Nothing when it is no internet address.
  static std::optional<Address> of(const sockaddr_storage& address);
  /// The peer of the socket `fd`. Nothing when it is no internet socket, or not connected.
  static std::optional<Address> of_peer(int fd);
  /// This host's end of the socket `fd`. Nothing when it is no internet socket.
  static std::optional<Address> of_own_end(int fd);

  /// The canonical text, that of IPv4 without the form of IPv6 around it.
  std::string text() const;
  bool is_ipv4() const;
  /// True for 127.0.0.0/8 and ::1.
  bool is_loopback() const;

  auto operator<=>(const Address&) const = default;
};

} // namespace base
