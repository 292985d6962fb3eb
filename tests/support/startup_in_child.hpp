// SPDX-License-Identifier: ISC
// Runs the first acts of the program in a process that its super-server has left in disorder.
#pragma once

#include "server/startup.hpp"
#include "support/child.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {

/// Calls `disorder` before the first acts. Gives 0 when `check` holds after them and there are no
/// passed sockets.
template <class Prepare, class Check> int startup_in_child(const Prepare& disorder, Check check) {
  return support::Child([&] {
           disorder();
           const auto launch = server::take_over_process();
           return launch.sockets.empty() && check(launch.client) ? 0 : 1;
         })
      .exit_status();
}

inline void put_pipe_on_standard_input() {
  int ends[2];
  if (pipe(ends) != 0 || dup2(ends[0], 0) != 0)
    throw 1;
}

/// Makes descriptors 0 and 1 a TCP connection from this machine to itself.
inline void put_loopback_connection() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, generic, &size) != 0 || connect(client, generic, size) != 0)
    throw 1;
  const int server = accept(listener, nullptr, nullptr);
  dup2(server, 0);
  dup2(server, 1);
}

} // namespace support
