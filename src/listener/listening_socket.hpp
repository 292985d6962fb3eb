// SPDX-License-Identifier: ISC
// The sockets that clients connect to: passed by a launcher, or made here at ADDRESS:PORT or at a
// path, as an administrator writes it.
#pragma once

#include "base/address.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <netinet/in.h>
#include <optional>
#include <string>
#include <string_view>

namespace listener {

struct ListenAddress {
  base::Address address;
  in_port_t port = 0; ///< Not in network order. With 0 the system chooses.
  std::string text;   ///< As it was written; with is_local() the path.

  bool is_local() const { return text.starts_with('/'); }
};

/// What is wrong with an address.
inline constexpr std::string_view
    no_port = "expected ADDRESS:PORT or an absolute path",
    long_path = "the path of a socket may have 107 octets", // unix(7)
    bad_port = "the port must be a number from 1 to 65535",
    no_brackets = "an IPv6 address must stand in brackets, as in [::1]:110", // RFC 3986, 3.2.2
    no_such_address = "neither an IPv4 nor an IPv6 address";

/// Parses an address such as `127.0.0.1:110` or `[::1]:110`, in brackets where it is IPv6, or
/// the absolute path of a local socket. Host names are refused.
base::Result<ListenAddress, std::string_view> parse_listen_address(std::string_view text);

/// The address as bind(2) takes it, with the size of this type. Not for a path.
sockaddr_storage socket_address(const ListenAddress& from);

/// The text of an address from getsockname(2): ADDRESS:PORT, or the path of a local socket; `local`
/// when it has none.
std::string text_of(const sockaddr_storage& address, socklen_t size);

struct ListeningSocket {
  base::UniqueFd fd;   ///< Close-on-exec and non-blocking; has base::set_connection_options().
  std::string address; ///< For the log.
};

/// Takes a descriptor from a launcher, which must be a listening stream socket; duplicates a
/// standard descriptor. Throws std::runtime_error, with the number, for any other descriptor.
ListeningSocket adopt(int fd);

/// Binds and listens; an IPv6 address takes no IPv4 clients. A local socket gets the mode 0600 and
/// belongs to `owner`, if one is given; it replaces a socket to which no process listens any more.
/// Throws std::system_error, with the address, when the address is in use, not this host's or not
/// permitted, or when there is another file at that path.
ListeningSocket listen_at(const ListenAddress& address, std::optional<uid_t> owner = {});

} // namespace listener
