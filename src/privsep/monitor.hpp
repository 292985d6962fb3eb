// SPDX-License-Identifier: ISC
// The process that the super-server started, without the client's connection: it counts login
// attempts, has each verified by a child, counts the user's sessions, and on success becomes the
// user and keeps the maildrop.
// It never reads the network and distrusts the front.
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "base/unique_fd.hpp"
#include "privsep/channel.hpp"
#include "privsep/identity.hpp"
#include "privsep/permissions.hpp"
#include "privsep/session_registry.hpp"
#include "privsep/verifier.hpp"

#include <optional>
#include <string>

namespace privsep {

/// What the monitor needs to know of the connection.
struct MonitorPlace {
  const base::Settings& settings;
  base::Log& log;
  /// Whom the front and the verifier run as; nothing when we were not started as root.
  std::optional<Identity> front_account;
  std::string chroot;
  std::string session; ///< Its id, for the log.
  std::string from;
  bool is_protected = false; ///< Else a password is a ProtocolViolation.
  std::string self{}; ///< As in SessionPlan.
  /// The connection is a proxy's, whose header says where the client is and how it is protected;
  /// these members then are as the header says.
  bool behind_proxy = false;
  std::string certificate{}; ///< The common name of the client's, which the proxy has verified.
};

class Monitor {
 public:
  Monitor(Channel channel, MonitorPlace place);

  /// Serves one session until the front is gone. Throws what ends it early: ProtocolViolation,
  /// ChannelTimeout, std::runtime_error.
  void run();
  /// The same without login: the Maildir at `path` is served to whoever started us.
  void run_preauthenticated(const std::string& user, const std::string& path);

 private:
  std::optional<Request> receive();
  bool handle(Request& request);
  bool meet(const ProxyRequest& request);
  void announce();
  bool login(LoginRequest& request);
  Verdict verdict_on(const LoginRequest& request);
  void keep(const std::string& user, const std::string& path, std::string_view method,
            base::Secret index_key, RegisteredSession registered);
  base::Result<base::UniqueFd, pop3::Denial::Reason> user_slot(const std::string& user);
  RegisteredSession register_session(const std::string& user) const;
  void deny(pop3::Denial::Reason reason);
  void await_end();
  void log_end(Ending ending) const;
  void log_disconnect(std::string_view ended) const;
  void set_log_context();

  Channel channel_;
  MonitorPlace place_;
  Permissions permissions_;
  std::uint32_t attempts_ = 0;
  std::string proxy_;          // where it is, if it has told us of a client
  base::UniqueFd source_slot_; // held until the session is over
  bool is_announced_ = false;  // in the log; a proxy that asks how we are is not
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

} // namespace privsep
