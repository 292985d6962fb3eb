// SPDX-License-Identifier: ISC
// Sets up the process at the start of the program, before all other work, whatever state a
// super-server has left.
#pragma once

#include "base/client.hpp"
#include "listener/restart_state.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace server {

/// The maximum number of sockets that a launcher may pass; more than the addresses of any server.
constexpr int max_passed_sockets = 64;

/// The state in which the program was started.
struct Launch {
  /// The client on descriptors 0 and 1, unless there are sockets. Its address is the peer's or,
  /// where the peer is on this host, the one that the launcher gave in TCPREMOTEIP, REMOTE_ADDR or
  /// REMOTE_HOST; its distinguished name is that of SSL_CLIENT_DN, unless it is longer than
  /// verifier::max_distinguished_name. The launcher's environment is trusted, as is a PROXY header:
  /// the launcher also decides the uid of this process.
  base::Client client;
  /// The descriptors from 3 on that a launcher has passed (sd_listen_fds(3)), which are not
  /// checked; without them, descriptor 0 when that is a listening socket.
  std::vector<int> sockets;
  /// The state of a listener that has started its program again. Its sockets are in `sockets`, too.
  std::optional<listener::RestartState> restarted;
  std::string notify_socket; ///< NOTIFY_SOCKET of sd_notify(3); empty if unset.
};

/// Opens /dev/null on closed descriptors 0 to 2, closes all others but those passed, replaces
/// descriptor 2 if it is the connection on descriptor 0, resets signals (SIGPIPE is ignored), umask
/// and core dumps, clears the environment. LISTEN_FDS is ignored unless LISTEN_PID is this process.
/// After restart(), descriptors and blocked signals stay as they are. Throws std::system_error, and
/// std::runtime_error when LISTEN_FDS is not a number from 1 to max_passed_sockets.
Launch take_over_process();

/// True when both descriptors are the same file, pipe, socket or terminal.
bool is_same_file(int one, int other);

/// Replaces descriptor 2 by /dev/null where it is the client's connection, which is on descriptor
/// `connection` and is no terminal or other character device. inetd and xinetd leave it so: the
/// client would get the error messages of libraries. Throws std::system_error.
void take_standard_error_from_client(int connection);

/// Replaces descriptors that the process does not need by /dev/null. Throws std::system_error.
void replace_by_dev_null(std::initializer_list<int> descriptors);

} // namespace server
