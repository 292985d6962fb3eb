// SPDX-License-Identifier: ISC
// The facts about a session that the monitor uses: those for the verifier, and some of its own.
#pragma once

#include "pop3/session_profile.hpp"
#include "verifier/verifier.hpp"

#include <string>

namespace monitor {

/// Behind a proxy, `client` is the proxy until its header has come.
struct MonitorContext : verifier::VerifierContext {
  std::string session; ///< Its id, for the log.
  /// As the front has it. A login by a mechanism that is not possible is a ProtocolViolation.
  pop3::SessionProfile profile{};
  bool behind_proxy = false; ///< The connection comes from a proxy, which sends a header first.
};

} // namespace monitor
