// SPDX-License-Identifier: ISC
// Where a client is: an IP address, or this machine.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr_storage;

namespace base {

/// Octets of an address as text, with its NUL.
inline constexpr std::size_t address_text_octets = 46;

/// An IPv4 or IPv6 address in its canonical text. An IPv4 address mapped into IPv6 is the IPv4 one.
class Address {
 public:
  /// Nothing unless `text` is an address as inet_pton(3) reads it, without port, brackets or zone.
  static std::optional<Address> parse(std::string_view text);
  /// What accept(2) or getpeername(2) have told; nothing when it is no internet address.
  static std::optional<Address> of(const sockaddr_storage& address);
  /// The peer of the socket `fd`. Nothing when it is no internet socket, or not connected.
  static std::optional<Address> of_peer(int fd);

  const std::string& text() const { return text_; }
  /// 127.0.0.0/8 or ::1.
  bool is_loopback() const;

 private:
  explicit Address(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

} // namespace base
