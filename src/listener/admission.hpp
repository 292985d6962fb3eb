// SPDX-License-Identifier: ISC
// Decides by the sessions that there are whether a client gets one, too.
#pragma once

#include "config/settings.hpp"
#include "listener/event_throttle.hpp"
#include "listener/session_table.hpp"

#include <optional>
#include <string_view>

namespace listener {

/// A reason not to serve a client.
struct Refusal {
  EventThrottle::Kind kind;
  std::string_view reason; ///< For the log.
  std::string_view line;   ///< For the client.
};

class Admission {
 public:
  /// Why a client that counts for `source` (source_of()) gets no session beside `sessions`; nullptr
  /// when it gets one.
  static const Refusal* refusal_for(const std::optional<base::Address>& source,
                                    const SessionTable& sessions, const config::Settings& settings);
};

} // namespace listener
