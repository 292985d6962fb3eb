// SPDX-License-Identifier: ISC
// The IP address of a client, or of this machine (loopback).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr_storage;

namespace base {

/// The most octets of an address as text, its NUL included.
inline constexpr std::size_t address_text_octets = 46;

/// An IPv4 or IPv6 address in its canonical text. An IPv4 address mapped into IPv6 becomes the IPv4
/// address.
class Address {
 public:
  /// Nothing unless `text` is an address as inet_pton(3) reads it, without port, brackets or zone.
  static std::optional<Address> parse(std::string_view text);
  /// The address that accept(2) or getpeername(2) gave. Nothing when it is no internet address.
  static std::optional<Address> of(const sockaddr_storage& address);
  /// The peer of the socket `fd`. Nothing when it is no internet socket, or not connected.
  static std::optional<Address> of_peer(int fd);

  const std::string& text() const { return text_; }
  /// True for 127.0.0.0/8 and ::1.
  bool is_loopback() const;

 private:
  explicit Address(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

} // namespace base
