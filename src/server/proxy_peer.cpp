// SPDX-License-Identifier: ISC
#include "server/proxy_peer.hpp"

#include <sys/socket.h>

namespace server {

namespace {

using base::Event;
using base::Level;

/// The account that has made the other end of a local socket; nothing when `fd` is none.
std::optional<uid_t> uid_of_peer(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    return {};
  return peer.uid;
}

} // namespace

std::optional<base::Event> refusal_of_proxy(const SessionPlan& plan, int connection) {
  const auto& client = plan.client;
  if (!plan.settings.proxy_networks.contains(client.peer))
    return Event("refused", Level::warning, "proxy-networks").with("from", client.from());
  if (client.peer)
    return {};
  const auto uid = uid_of_peer(connection);
  if (uid && uid == plan.proxy_uid)
    return {};
  Event event("refused", Level::warning, "proxy-account");
  if (uid)
    event.with("uid", *uid);
  return event.with("from", client.from());
}

} // namespace server
