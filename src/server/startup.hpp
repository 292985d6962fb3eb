// SPDX-License-Identifier: ISC
// The first acts of the program: what a super-server may have left in disorder is put right before
// anything else happens.
#pragma once

#include "server/connection.hpp"

#include <string>
#include <vector>

namespace server {

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

} // namespace server
