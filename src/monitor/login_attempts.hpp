// SPDX-License-Identifier: ISC
// Handles the login attempts of one connection: counts them, has each checked, and sends every
// refusal at the same time after the request, whatever the reason. Runs in the monitor, which
// treats the front as hostile.
#pragma once

#include "base/secret.hpp"
#include "ipc/answer.hpp"
#include "ipc/channel.hpp"
#include "ipc/request.hpp"
#include "login/login_check.hpp"
#include "login/scram_login.hpp"
#include "monitor/guess_guard.hpp"
#include "pop3/session_profile.hpp"
#include "state/session_progress.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace monitor {

/// The facts about a session that the monitor uses: those for a login, and some of its own.
/// Behind a proxy, `client` is the proxy until its header has come.
struct MonitorContext : verifier::VerifierContext {
  std::string session; ///< Its id, for the log.
  /// As the front has it. A login by a mechanism that is not possible is a ProtocolViolation.
  pop3::SessionProfile profile{};
  /// Tells the listener, if there is one, how far the session has come.
  state::ProgressMark progress{};
};

/// A login whose verdict is granted and acceptable, so that the user may have a maildrop.
struct GrantedLogin {
  verifier::Verdict verdict;
  std::string_view method; ///< For the log.

  /// Moves the key to a secret and wipes the original.
  base::Secret take_index_key();
};

class LoginAttempts {
 public:
  /// All must outlive this object. No attempt waits for its turn and no verifier waits for a hash
  /// slot beyond `deadline`; each is killed verifier::time_to_end later.
  LoginAttempts(const MonitorContext& context, ipc::Channel& channel, GuessGuard& guard,
                std::chrono::steady_clock::time_point deadline)
      : context_(context), channel_(channel), guard_(guard), deadline_(deadline) {}

  /// Each function answers the request, unless it returns a login; the caller answers that with a
  /// maildrop or with deny(). An attempt first waits for its turn (guess_guard.hpp); when the front
  /// does not wait for an answer any more, there is none. The functions wipe the secrets in the
  /// request. They throw ProtocolViolation for a request that the connection does not allow and for
  /// a step of SCRAM without the step before it, and what Channel throws.
  std::optional<GrantedLogin> take(ipc::LoginRequest& request);
  std::optional<GrantedLogin> take(ipc::ScramStartRequest& request);
  std::optional<GrantedLogin> take(ipc::ScramCheckRequest& request);
  std::optional<GrantedLogin> take(ipc::ScramFinishRequest& request);

  /// From now on, attempts that are refused without a look at their proof leave no line: they cost
  /// a client nothing, and the connection is one of those that are not logged.
  void leave_unchecked_out() { logs_unchecked_ = false; }
  /// Logs an attempt that the front has refused. ProtocolViolation on a protected connection.
  void note(const ipc::UnprotectedRequest& request);

  /// Ends an exchange of SCRAM in progress, which is logged as a failed login. True if there was
  /// one.
  bool abandon_exchange();
  /// True when the client has tried to log in.
  bool has_any() const { return attempts_ > 0 || has_unprotected_; }
  /// Tells the front that the last attempt gives no maildrop.
  void deny(pop3::Denial::Reason reason);

 private:
  using Clock = std::chrono::steady_clock;

  bool begin_attempt(pop3::Mechanism mechanism);
  template <class Answer> bool await_turn(std::string_view name, std::string_view password);
  bool is_last() const { return attempts_ >= context_.settings.attempts; }
  void log_unchecked(std::string_view name, std::string_view reason,
                     std::string_view problem = "") const;
  verifier::Verdict checked(const std::function<verifier::Verdict()>& check) const;
  GrantedLogin granted(verifier::Verdict verdict, pop3::Mechanism mechanism);
  template <class Answer>
  std::optional<GrantedLogin> refuse(const verifier::Verdict& verdict,
                                     std::optional<pop3::Denial::Reason> reason = {});

  const MonitorContext& context_;
  ipc::Channel& channel_;
  GuessGuard& guard_;
  Clock::time_point deadline_;
  Clock::time_point answer_due_{}; // the time of a refusal, and of an offer
  std::uint32_t attempts_ = 0;
  bool has_unprotected_ = false;
  bool logs_unchecked_ = true;
  bool has_logged_penalty_ = false;
  std::unique_ptr<login::ScramLogin> offered_; // waits for the client's proof
  std::unique_ptr<login::ScramLogin> proven_;  // waits for the client's confirmation
};

} // namespace monitor
