// SPDX-License-Identifier: ISC
#include "base/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cassert>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace base {

namespace {

constexpr Address mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
constexpr Address loopback{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
constexpr std::size_t ipv4_at = 12;

/// The address that `name_of`, getpeername(2) or getsockname(2), gives for the socket `fd`.
std::optional<Address> of_end(int fd, decltype(getpeername)& name_of) {
  sockaddr_storage end{};
  socklen_t size = sizeof end;
  if (name_of(fd, reinterpret_cast<sockaddr*>(&end), &size) != 0)
    return {};
  return Address::of(end);
}

} // namespace

std::optional<Address> Address::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str()))
    return {};
  Address v4 = mapped, v6;
  if (inet_pton(AF_INET, terminated.c_str(), v4.octets.data() + ipv4_at) == 1)
    return v4;
  if (inet_pton(AF_INET6, terminated.c_str(), v6.octets.data()) == 1)
    return v6;
  return {};
}

Address Address::of_octets(std::span<const std::byte> octets) {
  assert(octets.size() == sizeof(in_addr) || octets.size() == sizeof(in6_addr));
  Address address = mapped;
  std::memcpy(address.octets.end() - octets.size(), octets.data(), octets.size());
  return address;
}

std::optional<Address> Address::of(const sockaddr_storage& address) {
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  switch (address.ss_family) {
  case AF_INET: return of_octets(std::as_bytes(std::span(&v4, 1)));
  case AF_INET6: return of_octets(std::as_bytes(std::span(&v6, 1)));
  default: return {};
  }
}

std::optional<Address> Address::of_peer(int fd) {
  return of_end(fd, getpeername);
}

std::optional<Address> Address::of_own_end(int fd) {
  return of_end(fd, getsockname);
}

std::string Address::text() const {
  if (!is_ipv4()) {
    char text[INET6_ADDRSTRLEN];
    return inet_ntop(AF_INET6, octets.data(), text, sizeof text);
  }
  // Without inet_ntop(3), which would call printf(3): see base/hex.hpp.
  std::string text;
  for (const unsigned octet : std::span(octets).subspan(ipv4_at))
    text.append(text.empty() ? "" : ".").append(std::to_string(octet));
  return text;
}

bool Address::is_ipv4() const {
  return std::equal(octets.begin(), octets.begin() + ipv4_at, mapped.octets.begin());
}

bool Address::is_loopback() const {
  return *this == loopback || (is_ipv4() && octets[ipv4_at] == 127);
}

} // namespace base
