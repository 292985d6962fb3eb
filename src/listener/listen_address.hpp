// SPDX-License-Identifier: ISC
// Parses ADDRESS:PORT as an administrator writes it.
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
  no_brackets,    ///< IPv6, but without the brackets of RFC 3986, 3.2.2.
  no_such_address ///< Neither IPv4 nor IPv6 for inet_pton(3). Host names are refused.
};

std::string_view description(AddressProblem problem);

/// Parses an address such as `127.0.0.1:110` or `[::1]:110`.
base::Result<ListenAddress, AddressProblem> parse_listen_address(std::string_view text);

/// The text of an address from getsockname(2): ADDRESS:PORT, or the path of a local socket.
std::string text_of(const sockaddr_storage& address, socklen_t size);

} // namespace listener
