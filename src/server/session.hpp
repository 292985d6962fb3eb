// SPDX-License-Identifier: ISC
// Starts the two processes of one session: forks the front, makes the caller the monitor. The
// caller is the process that a super-server has started, or one that the listener has just forked.
#pragma once

#include "base/client.hpp"
#include "base/log.hpp"
#include "config/settings.hpp"
#include "pop3/session_profile.hpp"
#include "sandbox/identity_filter.hpp"
#include "state/session_progress.hpp"

#include <optional>
#include <string>

namespace server {

/// The user of a session without login.
struct PreauthenticatedUser {
  std::string name;
  std::string maildir; ///< An absolute path.
};

struct SessionPlan {
  config::Settings settings;
  base::Client client{}; ///< See set_client().
  pop3::SessionProfile profile{};
  /// The account of the front and the verifier; nothing when the program was not started as root.
  std::optional<base::Identity> front_account{};
  /// The uid of a proxy that connects by a local socket; nothing when none may.
  std::optional<uid_t> proxy_uid{};
  /// Nothing if a login is needed.
  std::optional<PreauthenticatedUser> owner{};
  /// The absolute path of the running program; empty unless a checkpassword program needs it.
  std::string self{};

  /// True when a listener has already looked at the penalties of the client's network.
  bool is_admitted = false;
  /// Whether the monitor gives up privileges itself, as no listener has done it before.
  bool hardens_monitor = false;

  /// The identities that a process of the session may take; nothing when it can take no other.
  std::optional<sandbox::PermittedIdentities> permitted_identities() const {
    if (!front_account)
      return {};
    return sandbox::PermittedIdentities{settings.minimum_uid, settings.minimum_gid, *front_account};
  }
  /// True when connections begin with a PROXY header. Sessions without login have none.
  bool behind_proxy() const {
    return settings.proxy == config::Settings::Proxy::required && !owner.has_value();
  }
};

/// Logs how many connections were not logged, which otherwise the next one tells. Throws
/// what Log::open() throws.
void log_suppressed(const config::Settings& settings);

/// Serves the client on descriptors 0 and 1 from greeting to end and gives up both descriptors.
/// Where a PROXY header is required, only proxies are served (see refusal_of_proxy()); others are
/// logged. The listener, if there is one, learns by `progress` how far the session has come.
/// Failures of the session are logged; the client is also told when the front cannot enter the
/// sandbox. Gives whether the front or a verifier has crashed. Throws std::system_error when the
/// second process cannot be started.
bool run_session(const SessionPlan& plan, base::Log log, state::ProgressMark progress = {});

/// Runs in a child of the listener. Moves the connection to descriptors 0 and 1, closes all others
/// but 2 and the log's, unblocks signals, then serves one session as for any super-server. Changes
/// `plan`, as no other process needs this copy. Failures are logged, and the client is told. Never
/// returns; the exit status is base::child_crashed when the front or a verifier has crashed.
[[noreturn]] void run_session_process(int connection, const base::Client& client, SessionPlan& plan,
                                      base::Log log, state::ProgressMark progress) noexcept;

} // namespace server
