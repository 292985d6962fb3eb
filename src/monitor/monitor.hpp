// SPDX-License-Identifier: ISC
// The process that the super-server started, without the client's connection. It counts login
// attempts, has a child verify each of them, and counts the user's sessions. After a login it
// changes to the user's uid and gid and becomes the keeper of the maildrop. It never reads the
// network and treats the front as hostile.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "ipc/channel.hpp"
#include "ipc/permissions.hpp"
#include "monitor/login_attempts.hpp"
#include "state/session_registry.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace monitor {

class Monitor {
 public:
  /// `guard` must outlive this object, which closes it before it becomes the user.
  Monitor(ipc::Channel channel, MonitorContext context, GuessGuard& guard);

  /// Serves one session until the front is gone. If the settings require a PROXY header, the front
  /// must report it first. Throws ProtocolViolation, ChannelTimeout or std::runtime_error when the
  /// session ends early.
  void run();
  /// As run(), but without login: serves the Maildir at `path` to the user who started the program.
  void run_preauthenticated(const std::string& user, const std::string& path);

 private:
  std::optional<ipc::Request> receive();
  bool handle(ipc::Request& request);
  void announce();
  bool take(ipc::ProxyRequest& request);
  bool take(ipc::ReportRequest& request);
  bool take(ipc::UnprotectedRequest& request);
  template <class Attempt> bool take(Attempt& attempt);
  bool serve(GrantedLogin& login);
  bool become_user(const verifier::Verdict& verdict);
  void run_keeper(const GrantedLogin& login, base::Secret index_key,
                  state::RegisteredSession registered);
  void await_end();
  void log_end(ipc::Ending ending);
  void log_disconnect(std::string_view ended);
  void set_log_context(const std::string& first_field = "");

  ipc::Channel channel_;
  MonitorContext context_;
  ipc::Permissions permissions_;
  GuessGuard& guard_;
  std::optional<base::Result<base::UniqueFd, int>> maildir_; // if it is the root directory
  base::UniqueFd source_slot_;                               // held until the session is over
  std::string proxy_;                                        // that has named the client
  bool is_due_ = false;       // in the log; a proxy's health check is not
  bool is_announced_ = false; // in the log
  bool is_limited_ = false;   // its lines count towards state::logged_a_second
  bool is_quiet_ = false;     // one of too many connections in this second
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  LoginAttempts attempts_;
};

} // namespace monitor
