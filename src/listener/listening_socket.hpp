// SPDX-License-Identifier: ISC
// The sockets that clients connect to: passed by a launcher, or made here.
#pragma once

#include "base/unique_fd.hpp"
#include "listener/listen_address.hpp"

#include <string>

namespace listener {

struct ListeningSocket {
  base::UniqueFd fd;   ///< Close-on-exec and non-blocking; its connections have TCP_NODELAY.
  std::string address; ///< For the log.
};

/// Takes a descriptor from a launcher, which must be a listening stream socket; duplicates a
/// standard descriptor. Throws std::runtime_error, with the number, for any other descriptor.
ListeningSocket adopt(int fd);

/// Binds and listens; an IPv6 address takes no IPv4 clients. Throws std::system_error, with the
/// address, when the address is in use, not this host's or not permitted.
ListeningSocket listen_at(const ListenAddress& address);

} // namespace listener
