// SPDX-License-Identifier: ISC
// The sockets that clients connect to: passed by a launcher, or made here.
#pragma once

#include "base/unique_fd.hpp"
#include "listener/listen_address.hpp"

#include <string>

namespace listener {

struct ListeningSocket {
  base::UniqueFd
      fd; ///< Closes on exec, does not block; connections taken from it have TCP_NODELAY.
  std::string address; ///< For the log.
};

/// Takes a descriptor that a launcher passed, which must be a listening stream socket; of a
/// standard descriptor, a duplicate. Throws std::runtime_error when it is none, with its number.
ListeningSocket adopt(int fd);

/// Binds and listens; an IPv6 address takes no IPv4 clients. Throws std::system_error, with the
/// address, when that is in use, not this host's or not ours to take.
ListeningSocket listen_at(const ListenAddress& address);

} // namespace listener
