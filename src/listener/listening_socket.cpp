// SPDX-License-Identifier: ISC
#include "listener/listening_socket.hpp"

#include "base/connection_options.hpp"
#include "base/number.hpp"
#include "base/system_error.hpp"

#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace listener {

namespace {

bool has(int fd, int option, int wanted) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

void turn_on(int fd, int level, int option, std::string_view what) {
  const int on = 1;
  base::check(setsockopt(fd, level, option, &on, sizeof on), what);
}

/// O_NONBLOCK on a passed socket also changes the socket of the launcher. No launcher accepts from
/// it meanwhile, and a client that goes between poll(2) and accept(2) must not block the loop.
void make_ready(int fd) {
  base::check(fcntl(fd, F_SETFD, FD_CLOEXEC), "fcntl");
  base::check(fcntl(fd, F_SETFL, base::check(fcntl(fd, F_GETFL), "fcntl") | O_NONBLOCK), "fcntl");
  base::set_connection_options(fd);
}

constexpr std::size_t max_path = sizeof sockaddr_un::sun_path - 1; // its end is a NUL

/// Removes the socket of a server that has ended, and no other file.
void remove_unused_socket(const std::string& path, const sockaddr_un& place,
                          std::string_view what) {
  struct stat facts {};
  if (lstat(path.c_str(), &facts) != 0 || !S_ISSOCK(facts.st_mode))
    return;
  const base::UniqueFd probe(base::check(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), what));
  const auto* address = reinterpret_cast<const sockaddr*>(&place);
  if (connect(probe.get(), address, sizeof place) != 0 && errno == ECONNREFUSED)
    base::check(unlink(path.c_str()), what);
}

/// Binds `fd` to a path, where only `owner` may connect, or this account where none is given.
void bind_to_path(int fd, const std::string& path, std::optional<uid_t> owner,
                  std::string_view what) {
  sockaddr_un place{.sun_family = AF_UNIX, .sun_path = {}};
  path.copy(place.sun_path, max_path);
  remove_unused_socket(path, place, what);
  const mode_t usual = umask(0177);
  const int bound = bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place);
  umask(usual);
  base::check(bound, what);
  if (owner)
    base::check(lchown(path.c_str(), *owner, static_cast<gid_t>(-1)), what);
}

void bind_to_port(int fd, const ListenAddress& address, std::string_view what) {
  const auto place = socket_address(address);
  turn_on(fd, SOL_SOCKET, SO_REUSEADDR, what); // closing connections do not block the address
  if (place.ss_family == AF_INET6)
    turn_on(fd, IPPROTO_IPV6, IPV6_V6ONLY, what);
  base::check(bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place), what);
}

int family_of(const ListenAddress& address) {
  return address.is_local() ? AF_UNIX : address.address.is_ipv4() ? AF_INET : AF_INET6;
}

} // namespace

base::Result<ListenAddress, std::string_view> parse_listen_address(std::string_view text) {
  if (text.starts_with('/')) {
    if (text.size() > max_path)
      return base::Refused{long_path};
    return ListenAddress{{}, 0, std::string(text)};
  }
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

ListeningSocket listen_at(const ListenAddress& address, std::optional<uid_t> owner) {
  const auto what = "cannot listen at " + address.text;
  base::UniqueFd made(base::check(socket(family_of(address), SOCK_STREAM | SOCK_CLOEXEC, 0), what));
  const int fd = made.get();
  if (address.is_local())
    bind_to_path(fd, address.text, owner, what);
  else
    bind_to_port(fd, address, what);
  base::check(listen(fd, SOMAXCONN), what);
  make_ready(fd);
  return {std::move(made), address.text};
}

} // namespace listener
