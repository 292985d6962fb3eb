// SPDX-License-Identifier: ISC
#include "listener/admission.hpp"

#include <doctest/doctest.h>

using listener::Admission;
using listener::SessionTable;

namespace {

const auto now = Admission::Clock::now();

std::optional<base::Address> source(const char* text) {
  return base::Address::parse(text);
}

std::string_view reason_for(const char* client, const SessionTable& sessions,
                            const config::Settings& settings) {
  const auto* refusal = Admission().refusal_for(source(client), sessions, settings, now);
  return refusal == nullptr ? "" : refusal->reason;
}

} // namespace

TEST_CASE("a network has its last place and none beyond it, other networks have theirs") {
  config::Settings settings;
  settings.max_connections_per_source = 2;
  SessionTable sessions{{11, source("192.0.2.7")}};
  CHECK(reason_for("192.0.2.7", sessions, settings).empty());
  sessions.push_back({12, source("192.0.2.7")});
  CHECK(reason_for("192.0.2.7", sessions, settings) == "max-connections-per-source");
  CHECK(reason_for("192.0.2.8", sessions, settings).empty());
  CHECK(Admission().refusal_for({}, sessions, settings, now) == nullptr);
  settings.source_ipv4_prefix = 24;
  CHECK(reason_for("192.0.2.8", sessions, settings) == "max-connections-per-source");
}

TEST_CASE("a network that opens connections too fast waits, this host does not") {
  Admission admission;
  const config::Settings settings;
  const auto refuses = [&](const std::optional<base::Address>& client) {
    const auto* refusal = admission.refusal_for(client, {}, settings, now);
    return refusal != nullptr && refusal->reason == "connection-rate";
  };
  for (unsigned i = 0; i < settings.max_connections_per_source; ++i) {
    CHECK_FALSE(refuses(source("192.0.2.7")));
    for (const auto& client : {source("192.0.2.7"), std::optional<base::Address>()})
      admission.note(client, settings, now);
  }
  CHECK(refuses(source("192.0.2.7")));
  CHECK_FALSE(refuses(source("192.0.2.8")));
  CHECK_FALSE(refuses({}));
}
