// SPDX-License-Identifier: ISC
#include "listener/listen_address.hpp"

#include "base/number.hpp"

#include <cstddef>
#include <cstring>
#include <sys/un.h>

namespace listener {

base::Result<ListenAddress, std::string_view> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size() || text.back() == ']')
    return base::Refused{no_port};
  auto host = text.substr(0, colon);
  const bool has_brackets = host.front() == '[' && host.back() == ']';
  if (!has_brackets && host.find(':') != host.npos)
    return base::Refused{no_brackets};
  const auto port = base::parse_unpadded_number<in_port_t>(text.substr(colon + 1));
  if (port.value_or(0) == 0)
    return base::Refused{bad_port};
  if (has_brackets)
    host = host.substr(1, host.size() - 2);
  const auto address = base::Address::parse(host);
  if (!address || address->is_ipv4() == has_brackets)
    return base::Refused{no_such_address};
  return ListenAddress{*address, *port, std::string(text)};
}

sockaddr_storage socket_address(const ListenAddress& from) {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  const auto& octets = from.address.octets;
  v4.sin_port = htons(from.port); // sin6_port has the same place
  if (from.address.is_ipv4()) {
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, octets.end() - sizeof v4.sin_addr, sizeof v4.sin_addr);
  } else {
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, octets.data(), octets.size());
  }
  return storage;
}

std::string text_of(const sockaddr_storage& address, socklen_t size) {
  if (const auto internet = base::Address::of(address)) {
    const auto port = ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    const auto host = internet->text();
    return (internet->is_ipv4() ? host : "[" + host + "]") + ":" + std::to_string(port);
  }
  constexpr auto head = offsetof(sockaddr_un, sun_path);
  if (address.ss_family != AF_UNIX || size <= head)
    return "local";
  const auto& local = reinterpret_cast<const sockaddr_un&>(address);
  return {local.sun_path, strnlen(local.sun_path, size - head)};
}

} // namespace listener
