// SPDX-License-Identifier: ISC
#include "listener/session_table.hpp"

#include <algorithm>
#include <csignal>

namespace listener {

std::optional<Session> remove(SessionTable& sessions, pid_t process) {
  const auto found = std::ranges::find(sessions, process, &Session::process);
  if (found == sessions.end())
    return {};
  const auto session = *found;
  sessions.erase(found);
  return session;
}

bool is_proxy(const base::Client& client, const config::Settings& settings) {
  return settings.proxy == config::Settings::Proxy::required &&
         settings.proxy_networks.contains(client.peer);
}

bool is_preferred(const base::Client& client, const config::Settings& settings) {
  return !source_of(client, settings) || settings.trusted_networks.contains(client.peer);
}

std::optional<base::Address> source_of(const base::Client& client,
                                       const config::Settings& settings) {
  return client.is_local() || is_proxy(client, settings) ? std::nullopt : client.peer;
}

std::size_t size_of_network(const SessionTable& sessions,
                            const std::optional<base::Address>& source,
                            const base::Prefixes& prefixes) {
  if (!source)
    return 0;
  const auto network = network_of_client(*source, prefixes);
  const auto is_in = [&](const Session& session) {
    return session.source && network_of_client(*session.source, prefixes) == network;
  };
  return static_cast<std::size_t>(std::ranges::count_if(sessions, is_in));
}

void signal_all(const SessionTable& sessions, int number) {
  for (const auto& session : sessions)
    kill(session.process, number);
}

} // namespace listener
