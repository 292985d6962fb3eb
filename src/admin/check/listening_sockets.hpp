// SPDX-License-Identifier: ISC
// The TCP sockets of this host that wait for connections, and the programs that hold them.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace admin {

struct ListeningSocket {
  std::string address; ///< Of IPv4 or IPv6; `0.0.0.0` or `::` for all.
  unsigned port;
  std::string inode;
};

/// Parses a table of the form of /proc/net/tcp and /proc/net/tcp6 (proc(5)).
std::vector<ListeningSocket> listening_in(const std::string& table);
/// Those of this network namespace; none where /proc cannot be read.
std::vector<ListeningSocket> listening_sockets();

struct SocketOwner {
  pid_t pid;
  std::string program;
};

/// The first process that has the socket open. Nothing if this account may look at none that has.
std::optional<SocketOwner> owner_of(const ListeningSocket& socket);

} // namespace admin
