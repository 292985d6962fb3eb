// SPDX-License-Identifier: ISC
#include "monitor/connection_limit.hpp"

#include "base/network.hpp"
#include "monitor/connect_lines.hpp"
#include "state/slots.hpp"

#include <system_error>

namespace monitor {

base::Result<base::UniqueFd, ipc::Admission>
admit(const base::Address& client, const config::Settings& settings, const base::Log& log) {
  if (client.is_loopback())
    return base::UniqueFd();
  const auto refuse = [&](const base::Event& event) {
    log_connection(log, event, settings.runtime_directory);
  };
  try {
    const auto network = base::network_of(client, settings.source_prefixes());
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

} // namespace monitor
