// SPDX-License-Identifier: ISC
#include "base/address.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace base {

namespace {

/// Written without inet_ntop(3), which would bring in printf(3): see base/hex.hpp.
std::string text_of(const in_addr& v4) {
  std::array<unsigned char, 4> octets;
  std::memcpy(octets.data(), &v4, octets.size());
  std::string text;
  for (const unsigned octet : octets)
    text.append(text.empty() ? "" : ".").append(std::to_string(octet));
  return text;
}

std::string text_of(const in6_addr& v6) {
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    in_addr v4{};
    std::memcpy(&v4, v6.s6_addr + 12, sizeof v4);
    return text_of(v4);
  }
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &v6, text, sizeof text);
}

} // namespace

std::optional<Address> Address::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str()))
    return {};
  if (in_addr v4{}; inet_pton(AF_INET, terminated.c_str(), &v4) == 1)
    return Address(text_of(v4));
  if (in6_addr v6{}; inet_pton(AF_INET6, terminated.c_str(), &v6) == 1)
    return Address(text_of(v6));
  return {};
}

std::optional<Address> Address::of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET)
    return Address(text_of(reinterpret_cast<const sockaddr_in&>(address).sin_addr));
  if (address.ss_family == AF_INET6)
    return Address(text_of(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr));
  return {};
}

std::optional<Address> Address::of_peer(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0)
    return {};
  return of(peer);
}

bool Address::is_loopback() const {
  return text_ == "::1" || text_.starts_with("127.");
}

} // namespace base
