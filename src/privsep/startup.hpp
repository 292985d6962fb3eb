// SPDX-License-Identifier: ISC
// The first acts of the program: what a super-server may have left in disorder is put right before
// anything else happens.
#pragma once

#include "base/address.hpp"

#include <optional>
#include <string>

namespace privsep {

/// What is known about the client's end of descriptor 0.
struct Connection {
  /// The socket's peer; nothing when it is a pipe, a terminal or a local socket.
  std::optional<base::Address> peer;
  /// For the log: the peer, or where that is this machine, the address that the launcher gave in
  /// TCPREMOTEIP, REMOTE_ADDR or REMOTE_HOST; "local" when there is none.
  std::string from;

  /// Nobody else can have written or read along the way.
  bool is_local() const { return !peer || peer->is_loopback(); }
};

/// Fills closed descriptors 0 to 2, closes all others, keeps descriptor 2 from being the client's
/// connection, resets signals (SIGPIPE is ignored), umask and core dumps, forgets the environment.
/// Throws std::system_error.
Connection take_over_process();

} // namespace privsep
