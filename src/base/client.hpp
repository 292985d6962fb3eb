// SPDX-License-Identifier: ISC
// The client of one connection, as far as it is known.
#pragma once

#include "base/address.hpp"

#include <optional>
#include <string>

namespace base {

/// The names in the client's certificate, as the TLS wrapper that has verified the certificate
/// gives them; empty where there was none.
struct Certificate {
  std::string distinguished_name{}; ///< As a launcher gives it in SSL_CLIENT_DN.
  std::string common_name{};        ///< As a PROXY header gives it.

  bool empty() const { return distinguished_name.empty() && common_name.empty(); }
};

struct Client {
  /// The client that has connected to the socket `fd` from `of_peer`.
  static Client at(int fd, const std::optional<Address>& of_peer) {
    Client client{of_peer, of_peer};
    client.has_own_address = !client.is_local() && Address::of_own_end(fd) == of_peer;
    return client;
  }

  /// The socket's peer; nothing when that is a pipe, a terminal or a local socket.
  std::optional<Address> peer{};
  /// The client's address: the peer's, or the address that a launcher or a proxy gives; nothing
  /// when there is none.
  std::optional<Address> address{};
  Certificate certificate{};
  /// The connection is encrypted by a TLS wrapper, or no other host can read it.
  bool is_protected = false;
  /// The peer has the address of this host to which it has connected. The kernel takes no packet
  /// with such an address from another host.
  bool has_own_address = false;

  /// True when no other host is between the peer and this process, where an attacker could read or
  /// write.
  bool is_local() const { return !peer || peer->is_loopback() || has_own_address; }
  /// True when the client is on another host and its address is not the peer's. The process that
  /// accepted the connection may not have counted it.
  bool is_relayed() const {
    return is_local() && address && address != peer && !address->is_loopback();
  }
  /// The address of a client on another host, its own or a told one; nothing for one on this host.
  std::optional<Address> remote_address() const {
    return is_local() && !is_relayed() ? std::nullopt : address;
  }
  /// True when a certificate counts: names in one are believed only if the connection is protected.
  bool has_certificate() const { return is_protected && !certificate.empty(); }
  /// The address for the log; `local` when there is none.
  std::string from() const { return address ? address->text() : "local"; }
};

} // namespace base
