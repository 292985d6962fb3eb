// SPDX-License-Identifier: ISC
#include "listener/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <sys/socket.h>

namespace listener {

Connection take_connection(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  Connection connection{
      base::UniqueFd(accept4(socket, reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC)),
      {}};
  if (connection.fd)
    connection.client = base::Client::at(connection.fd.get(), base::Address::of(address));
  return connection;
}

bool is_about_one_client(int error) {
  constexpr int gone[] = {EAGAIN,    EINTR,  ECONNABORTED, EPROTO,      ENETDOWN,  ENOPROTOOPT,
                          EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT, EPERM};
  return std::ranges::find(gone, error) != std::end(gone);
}

bool has_hung_up(int connection) {
  char first = 0; // with no space for an octet, recvmsg(2) would not tell the end
  iovec part{&first, 1};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  const auto octets = recvmsg(connection, &message, MSG_PEEK | MSG_DONTWAIT);
  return octets == 0 || (octets < 0 && errno != EAGAIN && errno != EINTR);
}

void tell(int connection, std::string_view line) {
  send(connection, line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

} // namespace listener
