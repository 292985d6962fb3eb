// SPDX-License-Identifier: ISC
// Sets up the process at the start of the program, before all other work, whatever state a
// super-server has left.
#pragma once

#include "server/connection.hpp"

#include <string>
#include <vector>

namespace server {

/// The maximum number of sockets that a launcher may pass; more than the addresses of any server.
constexpr int max_passed_sockets = 64;

/// The state in which the program was started.
struct Launch {
  Connection connection; ///< On descriptors 0 and 1, unless there are sockets.
  /// The descriptors from 3 on that a launcher has passed (sd_listen_fds(3)), which are not
  /// checked; without them, descriptor 0 when that is a listening socket.
  std::vector<int> sockets;
  std::string notify_socket; ///< NOTIFY_SOCKET of sd_notify(3); empty if unset.
};

/// Opens /dev/null on closed descriptors 0 to 2, closes all others but those passed, replaces
/// descriptor 2 if it is the client's connection, resets signals (SIGPIPE is ignored), umask and
/// core dumps, clears the environment. LISTEN_FDS is ignored unless LISTEN_PID is this process.
/// Throws std::system_error, and std::runtime_error when LISTEN_FDS is not a number from 1 to
/// max_passed_sockets.
Launch take_over_process();

} // namespace server
