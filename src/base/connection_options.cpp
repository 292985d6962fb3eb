// SPDX-License-Identifier: ISC
#include "base/connection_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace base {

namespace {

struct Option {
  int level;
  int name;
  int value;
};

constexpr Option connection_options[] = {
    // A reply must not wait for the acknowledgement of the reply before it. First, as it fails on a
    // descriptor that is no TCP socket.
    {IPPROTO_TCP, TCP_NODELAY, 1},
    {SOL_SOCKET, SO_KEEPALIVE, 1},
    {IPPROTO_TCP, TCP_KEEPIDLE, int{keepalive_idle.count()}},
    {IPPROTO_TCP, TCP_KEEPINTVL, int{keepalive_interval.count()}},
    {IPPROTO_TCP, TCP_KEEPCNT, keepalive_probes},
    {IPPROTO_TCP, TCP_USER_TIMEOUT, int{longest_unacknowledged.count()}},
    {IPPROTO_TCP, TCP_NOTSENT_LOWAT, most_unsent},
};

} // namespace

void set_connection_options(int fd) noexcept {
  for (const auto& [level, name, value] : connection_options)
    if (setsockopt(fd, level, name, &value, sizeof value) != 0)
      return;
}

} // namespace base
