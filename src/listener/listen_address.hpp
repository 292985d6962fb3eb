// SPDX-License-Identifier: ISC
// Parses ADDRESS:PORT as an administrator writes it.
#pragma once

#include "base/address.hpp"
#include "base/result.hpp"

#include <netinet/in.h>
#include <string>
#include <string_view>

namespace listener {

struct ListenAddress {
  base::Address address;
  in_port_t port = 0; ///< Not in network order. With 0 the system chooses.
  std::string text;   ///< As it was written.
};

/// What is wrong with an address.
inline constexpr std::string_view
    no_port = "expected ADDRESS:PORT",
    bad_port = "the port must be a number from 1 to 65535",
    no_brackets = "an IPv6 address must stand in brackets, as in [::1]:110", // RFC 3986, 3.2.2
    no_such_address = "neither an IPv4 nor an IPv6 address";

/// Parses an address such as `127.0.0.1:110` or `[::1]:110`, in brackets where it is IPv6. Host
/// names are refused.
base::Result<ListenAddress, std::string_view> parse_listen_address(std::string_view text);

/// The address as bind(2) takes it, with the size of this type.
sockaddr_storage socket_address(const ListenAddress& from);

/// The text of an address from getsockname(2): ADDRESS:PORT, or the path of a local socket; `local`
/// when it has none.
std::string text_of(const sockaddr_storage& address, socklen_t size);

} // namespace listener
