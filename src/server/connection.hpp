// SPDX-License-Identifier: ISC
// The connection that a launcher has accepted, as the launcher describes it.
#pragma once

#include "base/address.hpp"
#include "config/settings.hpp"
#include "front/offer.hpp"

#include <optional>
#include <string>

namespace server {

/// The known facts about the client's end of descriptor 0.
struct Connection {
  /// The socket's peer; nothing when it is a pipe, a terminal or a local socket.
  std::optional<base::Address> peer;
  /// The client's address: the peer, or, where the peer is on this host, the address that the
  /// launcher gave in TCPREMOTEIP, REMOTE_ADDR or REMOTE_HOST. The launcher's environment is
  /// trusted, as is a PROXY header: the launcher also decides the uid of this process.
  std::optional<base::Address> client;
  std::string from; ///< The client's address for the log; "local" when there is none.
  /// The distinguished name in the client's certificate, as a TLS wrapper gives it in
  /// SSL_CLIENT_DN; empty without one, or when it is longer than verifier::max_distinguished_name.
  std::string distinguished_name;

  /// True when no other host is between the peer and this process, where an attacker could read or
  /// write.
  bool is_local() const { return !peer || peer->is_loopback(); }
  /// True when the client is on another host and only the launcher gives its address. The process
  /// that accepted the connection may not have counted it.
  bool is_relayed() const { return is_local() && client && !client->is_loopback(); }
};

/// The security of a connection that does not come through a proxy.
front::ClientSecurity security_of(const config::Settings& settings, const Connection& connection);

} // namespace server
