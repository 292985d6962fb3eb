// SPDX-License-Identifier: ISC
// The two processes of one session: forks the front, makes the caller the monitor.
#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"
#include "pop3/capabilities.hpp"
#include "sandbox/identity.hpp"
#include "server/startup.hpp"

#include <optional>
#include <string>

namespace server {

/// Whom a session without login serves.
struct PreauthenticatedUser {
  std::string name;
  std::string maildir; ///< An absolute path.
};

struct SessionPlan {
  config::Settings settings;
  Connection connection;
  pop3::SessionProfile profile;
  /// Whom front and verifier run as; nothing when the program was not started as root.
  std::optional<base::Identity> front_account;
  /// Nothing: somebody has to log in.
  std::optional<PreauthenticatedUser> owner;
  /// The absolute path of the running program; empty unless a checkpassword program needs it.
  std::string self{};

  /// Connections begin with a PROXY header, but for those that need no login.
  bool behind_proxy() const {
    return settings.proxy == config::Settings::Proxy::required && !owner.has_value();
  }
  /// The directory that is the front's root.
  std::string chroot() const {
    return settings.chroot.empty() ? settings.runtime_directory + "/empty" : settings.chroot;
  }
};

/// Serves the client on descriptors 0 and 1 from greeting to end and gives them up. Where a PROXY
/// header is required only peers of proxy_networks are served; others are logged. Failures of the
/// session are logged, the client is told of those that keep the front from being confined. Throws
/// std::system_error when there cannot be two processes.
void run_session(const SessionPlan& plan, base::Log log);

/// Makes the runtime directory and the front's root, which must be root's work, where they are
/// missing: a host without tmpfiles.d(5) loses /run at every start. Throws std::system_error. Makes
/// the state directory as well, for root alone, and does not tell when it cannot.
void make_runtime_directories(const SessionPlan& plan);

} // namespace server
