// SPDX-License-Identifier: ISC
// The process that the super-server started, without the client's connection: it counts login
// attempts, has each verified by a child, counts the user's sessions, and on success becomes the
// user and keeps the maildrop.
// It never reads the network and distrusts the front.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "ipc/channel.hpp"
#include "ipc/permissions.hpp"
#include "keeper/keeper.hpp"
#include "monitor/login_attempts.hpp"
#include "monitor/monitor_context.hpp"
#include "state/session_registry.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace monitor {

class Monitor {
 public:
  Monitor(ipc::Channel channel, MonitorContext context);

  /// Serves one session until the front is gone. Throws what ends it early: ProtocolViolation,
  /// ChannelTimeout, std::runtime_error.
  void run();
  /// The same without login: the Maildir at `path` is served to whoever started us.
  void run_preauthenticated(const std::string& user, const std::string& path);

 private:
  /// What a login has led to.
  struct Maildrop {
    std::string user;
    std::string path;
    std::string_view method;
    std::string_view app_password{}; ///< Its label, if one was used.
    keeper::Access access = keeper::Access::full;
    base::Secret index_key{};
  };

  std::optional<ipc::Request> receive();
  bool handle(ipc::Request& request);
  void announce();
  bool take_proxy_request(const ipc::ProxyRequest& request);
  template <class Attempt> std::optional<GrantedLogin> try_login(Attempt& attempt);
  bool serve(GrantedLogin login);
  void keep(Maildrop maildrop, state::RegisteredSession registered);
  base::Result<base::UniqueFd, pop3::Denial::Reason> user_slot(const std::string& user);
  state::RegisteredSession register_session(const std::string& user) const;
  void await_end();
  void log_end(ipc::Ending ending) const;
  void log_disconnect(std::string_view ended) const;
  void set_log_context();

  ipc::Channel channel_;
  MonitorContext context_;
  ipc::Permissions permissions_;
  std::string proxy_;          // where it is, if it has told us of a client
  base::UniqueFd source_slot_; // held until the session is over
  bool is_announced_ = false;  // in the log; a proxy that asks how we are is not
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  LoginAttempts attempts_;
};

} // namespace monitor
