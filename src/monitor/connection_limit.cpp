// SPDX-License-Identifier: ISC
#include "monitor/connection_limit.hpp"

#include "base/network.hpp"
#include "monitor/connect_lines.hpp"
#include "state/slots.hpp"

#include <system_error>

namespace monitor {

namespace {

base::Result<base::UniqueFd, ipc::Admission>
take_slot(const base::Address& client, const config::Settings& settings, const base::Log& log) {
  const auto refuse = [&](const base::Event& event) {
    log_connection(log, event, settings.runtime_directory);
  };
  try {
    const auto network = base::network_of_client(client, settings.source_prefixes());
    auto slot = state::take_source_slot(settings.runtime_directory + "/source-slots", network,
                                        settings.max_connections_per_source);
    if (slot)
      return std::move(*slot);
    refuse({"refused", base::Level::warning, "max-connections-per-source"});
    return base::Refused{ipc::Admission::too_many};
  } catch (const std::system_error& error) {
    refuse({"refused", base::Level::error, "source-slots-failed", error.what()});
    return base::Refused{ipc::Admission::failed};
  }
}

/// True when another process than this one has accepted the client's connection.
bool is_counted_here(const base::Client& client) {
  return client.address && client.address != client.peer && !client.address->is_loopback();
}

} // namespace

base::Result<base::UniqueFd, ipc::Admission> admit(const base::Client& client,
                                                   const config::Settings& settings,
                                                   GuessGuard& guard, const base::Log& log) {
  const auto admission = guard.admit();
  if (admission != ipc::Admission::granted) {
    const bool is_crash = admission == ipc::Admission::crash;
    log_connection(log, {"refused", base::Level::warning, is_crash ? "crash" : "penalty"},
                   settings.runtime_directory);
    return base::Refused{admission};
  }
  return is_counted_here(client) ? take_slot(*client.address, settings, log) : base::UniqueFd();
}

} // namespace monitor
