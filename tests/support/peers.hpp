// SPDX-License-Identifier: ISC
// Clients' addresses for the tests of the listener.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>

namespace support {

inline sockaddr_storage peer(const char* text) {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
    storage.ss_family = AF_INET;
  else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
    storage.ss_family = AF_INET6;
  else
    throw std::invalid_argument(text);
  return storage;
}

} // namespace support
