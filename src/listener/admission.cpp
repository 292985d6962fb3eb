// SPDX-License-Identifier: ISC
#include "listener/admission.hpp"

#include "pop3/refusal.hpp"

namespace listener {

namespace {

using Kind = EventThrottle::Kind;

constexpr Refusal source_full{Kind::source_full, "max-connections-per-source",
                              pop3::too_many_connections};

constexpr Refusal rate{Kind::rate, "connection-rate", pop3::too_many_connections};

bool has_full_network(const SessionTable& sessions, const std::optional<base::Address>& source,
                      const config::Settings& settings) {
  const auto most = settings.max_connections_per_source;
  return sessions.size() >= most &&
         size_of_network(sessions, source, settings.source_prefixes()) >= most;
}

} // namespace

const Refusal* Admission::refusal_for(const std::optional<base::Address>& source,
                                      const SessionTable& sessions,
                                      const config::Settings& settings,
                                      Clock::time_point now) const {
  if (has_full_network(sessions, source, settings))
    return &source_full;
  const bool is_too_fast =
      source && !rate_.permits(network_of_client(*source, settings.source_prefixes()),
                               settings.max_connections_per_source, now);
  return is_too_fast ? &rate : nullptr;
}

void Admission::note(const std::optional<base::Address>& source, const config::Settings& settings,
                     Clock::time_point now) {
  if (source)
    rate_.note(network_of_client(*source, settings.source_prefixes()),
               settings.max_connections_per_source, now);
}

} // namespace listener
