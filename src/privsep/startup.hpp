// SPDX-License-Identifier: ISC
// The first acts of the program: what a super-server may have left in disorder is put right before
// anything else happens.
#pragma once

#include "base/address.hpp"

#include <optional>
#include <string>
#include <vector>

namespace privsep {

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

/// More addresses than a server has.
constexpr int max_passed_sockets = 64;

/// What the program was started with.
struct Launch {
  Connection connection; ///< On descriptors 0 and 1, unless there are sockets.
  /// What sd_listen_fds(3) calls passed: descriptors from 3 on; else 0, when that is a listening
  /// socket. Nobody has looked at the former yet.
  std::vector<int> sockets;
  std::string notify_socket; ///< NOTIFY_SOCKET of sd_notify(3); empty: nobody wants to hear.
};

/// Fills closed descriptors 0 to 2, closes all others but those passed, keeps descriptor 2 from
/// being the client's connection, resets signals (SIGPIPE is ignored), umask and core dumps,
/// forgets the environment. LISTEN_FDS for another process than LISTEN_PID's is ignored. Throws
/// std::system_error, and std::runtime_error when LISTEN_FDS is no number from 1 to
/// max_passed_sockets.
Launch take_over_process();

} // namespace privsep
