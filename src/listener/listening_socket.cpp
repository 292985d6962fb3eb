// SPDX-License-Identifier: ISC
#include "listener/listening_socket.hpp"

#include "base/system_error.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>

namespace listener {

namespace {

bool has(int fd, int option, int wanted) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

void turn_on(int fd, int level, int option, const char* what) {
  const int on = 1;
  base::check(setsockopt(fd, level, option, &on, sizeof on), what);
}

/// O_NONBLOCK on a passed socket also changes the socket of the launcher. No launcher accepts from
/// it meanwhile, and a client that goes between poll(2) and accept(2) must not block the loop.
void make_ready(int fd) {
  base::check(fcntl(fd, F_SETFD, FD_CLOEXEC), "fcntl");
  base::check(fcntl(fd, F_SETFL, base::check(fcntl(fd, F_GETFL), "fcntl") | O_NONBLOCK), "fcntl");
  const int on = 1; // inherited by connections; fails when fd is no TCP socket
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

ListeningSocket adopt(int fd) {
  if (!has(fd, SO_ACCEPTCONN, 1) || !has(fd, SO_TYPE, SOCK_STREAM))
    throw std::runtime_error("descriptor " + std::to_string(fd) +
                             " is not a listening stream socket");
  // inetd passes the socket as all three standard descriptors, which are needed for other files.
  ListeningSocket socket{
      base::UniqueFd(fd > 2 ? fd : base::check(fcntl(fd, F_DUPFD_CLOEXEC, 3), "fcntl")), {}};
  make_ready(socket.fd.get());
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  base::check(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  socket.address = text_of(address, size);
  return socket;
}

ListeningSocket listen_at(const ListenAddress& address) {
  const auto problem = "cannot listen at " + address.text;
  const auto* what = problem.c_str();
  const auto place = socket_address(address);
  base::UniqueFd made(base::check(socket(place.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), what));
  const int fd = made.get();
  turn_on(fd, SOL_SOCKET, SO_REUSEADDR, what); // closing connections do not block the address
  if (place.ss_family == AF_INET6)
    turn_on(fd, IPPROTO_IPV6, IPV6_V6ONLY, what);
  base::check(bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place), what);
  base::check(listen(fd, SOMAXCONN), what);
  make_ready(fd);
  return {std::move(made), address.text};
}

} // namespace listener
