// SPDX-License-Identifier: ISC
// ADDRESS:PORT as an administrator writes it.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace listener {

struct ListenAddress {
  sockaddr_storage address{};
  socklen_t size = 0;
  std::string text; ///< As it was written.
};

enum class AddressProblem : std::uint8_t {
  no_port,        ///< No colon with a port behind the address.
  bad_port,       ///< No decimal number from 1 to 65535.
  no_brackets,    ///< IPv6, but not as RFC 3986, 3.2.2 writes it in front of a port.
  no_such_address ///< Neither IPv4 nor IPv6 as inet_pton(3) reads them. Names are none.
};

std::string_view description(AddressProblem problem);

/// `127.0.0.1:110` or `[::1]:110`.
base::Result<ListenAddress, AddressProblem> parse_listen_address(std::string_view text);

/// The same of what getsockname(2) tells; a path for a local socket.
std::string text_of(const sockaddr_storage& address, socklen_t size);

} // namespace listener
