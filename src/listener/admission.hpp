// SPDX-License-Identifier: ISC
// Decides by the limits of networks whether a client gets a session.
#pragma once

#include "config/settings.hpp"
#include "listener/connection_rate.hpp"
#include "listener/event_throttle.hpp"
#include "listener/session_table.hpp"

#include <optional>
#include <string_view>

namespace listener {

/// A reason not to serve a client.
struct Refusal {
  EventThrottle::Kind kind;
  std::string_view reason;      ///< For the log.
  std::string_view line;        ///< For the client.
  bool is_about_places = false; ///< Another session may give way.

  base::Event event_for(const base::Client& client) const {
    return base::Event("refused", base::Level::warning)
        .with("reason", reason)
        .with("from", client.from());
  }
};

class Admission {
 public:
  using Clock = ConnectionRate::Clock;

  /// Why a client that counts for `source` (source_of()) gets no session beside `sessions` at
  /// `now`; nullptr when it gets one.
  const Refusal* refusal_for(const std::optional<base::Address>& source,
                             const SessionTable& sessions, const config::Settings& settings,
                             Clock::time_point now) const;
  /// Counts a client that has got a session.
  void note(const std::optional<base::Address>& source, const config::Settings& settings,
            Clock::time_point now);

 private:
  ConnectionRate rate_;
};

} // namespace listener
