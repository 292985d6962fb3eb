// SPDX-License-Identifier: ISC
// What the monitor knows of the connection.
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
  /// Whom the front and the verifier run as; nothing when we were not started as root.
  std::optional<base::Identity> front_account;
  std::string chroot;
  std::string session; ///< Its id, for the log.
  std::string from;
  bool is_protected = false; ///< Else a password is a ProtocolViolation.
  std::string self{};        ///< As in SessionPlan.
  /// The connection is a proxy's, whose header says where the client is and how it is protected;
  /// these members then are as the header says.
  bool behind_proxy = false;
  std::optional<base::Address> client{}; ///< Nothing: it has no address.
  verifier::Certificate certificate{};

  /// EXTERNAL is possible.
  bool takes_certificates() const {
    return settings.external != config::Settings::External::off && !certificate.empty() &&
           is_protected && !has_program();
  }
  /// A program of the site checks passwords, and there is nothing but passwords.
  bool has_program() const { return !settings.checkpassword.empty(); }
};

} // namespace monitor
