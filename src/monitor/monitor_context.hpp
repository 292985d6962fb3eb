// SPDX-License-Identifier: ISC
// The settings, the log and the facts about the connection that the monitor uses.
#pragma once

#include "base/address.hpp"
#include "base/log.hpp"
#include "config/settings.hpp"
#include "sandbox/identity.hpp"
#include "verifier/verifier.hpp"

#include <optional>
#include <string>

namespace monitor {

struct MonitorContext {
  const config::Settings& settings;
  base::Log& log;
  /// The account of the front and the verifier; nothing when the program was not started as root.
  std::optional<base::Identity> front_account;
  std::string chroot;
  std::string session; ///< Its id, for the log.
  std::string from;
  bool is_protected = false; ///< If not, a password is a ProtocolViolation.
  std::string self{};        ///< As in SessionPlan.
  /// The connection comes from a proxy, whose header gives the client's address, its protection and
  /// the name in its certificate. After the header, `from`, `is_protected`, `client` and
  /// `certificate` have these values.
  bool behind_proxy = false;
  std::optional<base::Address> client{}; ///< Nothing if it has no address.
  verifier::Certificate certificate{};

  /// True when EXTERNAL is possible.
  bool takes_certificates() const {
    return settings.external != config::Settings::External::off && !certificate.empty() &&
           is_protected && !has_program();
  }
  /// True when a program of the site checks passwords; then only passwords are accepted.
  bool has_program() const { return !settings.checkpassword.empty(); }
};

} // namespace monitor
