// SPDX-License-Identifier: ISC
#include "listener/listen_address.hpp"

#include "base/address.hpp"
#include "base/number.hpp"

#include <arpa/inet.h>
#include <cstddef>
#include <cstring>
#include <netinet/in.h>
#include <sys/un.h>

namespace listener {

namespace {

using Problem = AddressProblem;

/// The port number; 0 when `text` is none.
in_port_t port_in(std::string_view text) {
  return base::parse_unpadded_number<in_port_t>(text).value_or(0);
}

template <class Internet>
base::Result<ListenAddress, Problem> address_of(std::string_view text, const Internet& internet) {
  ListenAddress made;
  std::memcpy(&made.address, &internet, sizeof internet);
  made.size = sizeof internet;
  made.text = text;
  return made;
}

std::string with_port(const std::string& host, in_port_t port) {
  return host + ":" + std::to_string(ntohs(port));
}

} // namespace

std::string_view description(AddressProblem problem) {
  switch (problem) {
  case Problem::no_port: return "expected ADDRESS:PORT";
  case Problem::bad_port: return "the port must be a number from 1 to 65535";
  case Problem::no_brackets: return "an IPv6 address must stand in brackets, as in [::1]:110";
  case Problem::no_such_address: break;
  }
  return "neither an IPv4 nor an IPv6 address";
}

base::Result<ListenAddress, Problem> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size() || text.back() == ']')
    return base::Refused{Problem::no_port};
  std::string host(text.substr(0, colon));
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (!bracketed && host.find(':') != host.npos)
    return base::Refused{Problem::no_brackets};
  const auto port = port_in(text.substr(colon + 1));
  if (port == 0)
    return base::Refused{Problem::bad_port};
  if (std::strlen(host.c_str()) != host.size())
    return base::Refused{Problem::no_such_address};
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1)
    return address_of(text, v4);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  if (bracketed && inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) == 1)
    return address_of(text, v6);
  return base::Refused{Problem::no_such_address};
}

std::string text_of(const sockaddr_storage& address, socklen_t size) {
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return with_port(base::Address::of(address)->text(), v4.sin_port);
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    return with_port("[" + std::string(text) + "]", v6.sin6_port);
  }
  constexpr auto head = offsetof(sockaddr_un, sun_path);
  if (address.ss_family != AF_UNIX || size <= head)
    return "local";
  const auto& local = reinterpret_cast<const sockaddr_un&>(address);
  return {local.sun_path, strnlen(local.sun_path, size - head)};
}

} // namespace listener
