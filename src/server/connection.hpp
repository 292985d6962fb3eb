// SPDX-License-Identifier: ISC
// What a launcher tells of the connection that it has accepted.
#pragma once

#include "base/address.hpp"
#include "config/settings.hpp"
#include "front/offer.hpp"

#include <optional>
#include <string>

namespace server {

/// What is known about the client's end of descriptor 0.
struct Connection {
  /// The socket's peer; nothing when it is a pipe, a terminal or a local socket.
  std::optional<base::Address> peer;
  /// Where the client is: the peer, or where that is this machine, the address that the launcher
  /// gave in TCPREMOTEIP, REMOTE_ADDR or REMOTE_HOST. What a launcher says in the environment is
  /// its word, as is what it says in a PROXY header: it decides who we are, too.
  std::optional<base::Address> client;
  std::string from; ///< The same for the log; "local" when there is none.
  /// Of the client's certificate, as a TLS wrapper gives it in SSL_CLIENT_DN; empty without one, or
  /// when it is longer than any that is looked at.
  std::string distinguished_name;

  /// Nobody else can have written or read along the way.
  bool is_local() const { return !peer || peer->is_loopback(); }
  /// The client is elsewhere, and known by the launcher's word alone: who took the connection may
  /// not have counted it.
  bool is_relayed() const { return is_local() && client && !client->is_loopback(); }
};

/// Of a connection that no proxy has passed on.
front::ClientSecurity security_of(const config::Settings& settings, const Connection& connection);

} // namespace server
