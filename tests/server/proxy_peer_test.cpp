// SPDX-License-Identifier: ISC
#include "server/proxy_peer.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <sys/socket.h>
#include <unistd.h>

namespace {

/// A plan for proxies in 192.0.2.0/24 and for those of the account `uid` on local sockets.
server::SessionPlan plan_for(uid_t uid, const char* peer = nullptr) {
  server::SessionPlan plan;
  plan.settings.proxy = config::Settings::Proxy::required;
  plan.settings.proxy_networks = *base::Networks::parse("192.0.2.0/24,local");
  plan.proxy_uid = uid;
  if (peer != nullptr)
    plan.client.peer = plan.client.address = base::Address::parse(peer);
  return plan;
}

/// The event about the peer of `fd`; empty for a proxy.
std::string refusal(const server::SessionPlan& plan, int fd) {
  const auto event = refusal_of_proxy(plan, fd);
  return event ? event->text() : "";
}

} // namespace

TEST_CASE("on a local socket the account decides, as the kernel tells it") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const base::UniqueFd first(ends[0]), second(ends[1]);
  const auto own = geteuid();
  CHECK(refusal(plan_for(own), ends[0]).empty());
  CHECK(refusal(plan_for(own + 1), ends[0]) ==
        "event=refused reason=proxy-account uid=" + std::to_string(own) + " from=local");
  auto plan = plan_for(own);
  plan.settings.proxy_networks = *base::Networks::parse("192.0.2.0/24");
  CHECK(refusal(plan, ends[0]) == "event=refused reason=proxy-networks from=local");
  plan = plan_for(own);
  plan.proxy_uid.reset();
  CHECK_FALSE(refusal(plan, ends[0]).empty());
}

TEST_CASE("a pipe has no account, and a socket without a peer has none either") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const base::UniqueFd first(ends[0]), second(ends[1]);
  CHECK(refusal(plan_for(geteuid()), ends[0]) == "event=refused reason=proxy-account from=local");
  const base::UniqueFd alone(socket(AF_UNIX, SOCK_STREAM, 0));
  CHECK_FALSE(refusal(plan_for(geteuid()), alone.get()).empty());
}

TEST_CASE("on the network the address decides") {
  CHECK(refusal(plan_for(0, "192.0.2.7"), -1).empty());
  CHECK(refusal(plan_for(0, "198.51.100.7"), -1) ==
        "event=refused reason=proxy-networks from=198.51.100.7");
}
