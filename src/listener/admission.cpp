// SPDX-License-Identifier: ISC
#include "listener/admission.hpp"

#include "pop3/refusal.hpp"

namespace listener {

namespace {

using Kind = EventThrottle::Kind;

constexpr Refusal full{Kind::full, "max-connections", pop3::too_many_connections};
constexpr Refusal source_full{Kind::source_full, "max-connections-per-source",
                              pop3::too_many_connections};

} // namespace

const Refusal* Admission::refusal_for(const std::optional<base::Address>& source,
                                      const SessionTable& sessions,
                                      const config::Settings& settings) {
  if (sessions.size() >= settings.max_connections)
    return &full;
  const bool is_source_full = sessions.size() >= settings.max_connections_per_source &&
                              size_of_network(sessions, source, settings.source_prefixes()) >=
                                  settings.max_connections_per_source;
  return is_source_full ? &source_full : nullptr;
}

} // namespace listener
