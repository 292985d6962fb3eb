// SPDX-License-Identifier: ISC
// The attempts to log in that one connection makes: counted, each put to a verifier, refused at the
// same moment whatever was wrong. Runs in the monitor, which distrusts the front.
#pragma once

#include "ipc/channel.hpp"
#include "ipc/message.hpp"
#include "monitor/monitor_context.hpp"
#include "verifier/verdict.hpp"
#include "verifier/verification_request.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace monitor {

/// Somebody may have a maildrop, as a verdict says that was granted and is acceptable.
struct GrantedLogin {
  verifier::Verdict verdict;
  std::string user;
  std::string_view method; ///< For the log.
};

class LoginAttempts {
 public:
  /// Both must outlive it. No verifier runs beyond `deadline`.
  LoginAttempts(const MonitorContext& context, ipc::Channel& channel,
                std::chrono::steady_clock::time_point deadline)
      : context_(context), channel_(channel), deadline_(deadline) {}

  /// Each answers the request, unless it gives the login that is to be answered with a maildrop or
  /// with deny(). They wipe what was secret in it. Throws ProtocolViolation for what the connection
  /// does not allow and for a step of SCRAM that does not follow its first, and what Channel
  /// throws.
  std::optional<GrantedLogin> take(ipc::LoginRequest& request);
  std::optional<GrantedLogin> take(ipc::TokenRequest& request);
  std::optional<GrantedLogin> take(ipc::ScramStartRequest& request);
  std::optional<GrantedLogin> take(ipc::ScramCheckRequest& request);
  std::optional<GrantedLogin> take(ipc::ScramFinishRequest& request);

  /// Tells the front that the last attempt gives no maildrop.
  void deny(pop3::Denial::Reason reason);

 private:
  using Clock = std::chrono::steady_clock;

  void begin();
  bool is_last() const { return attempts_ >= context_.settings.attempts; }
  verifier::Verdict verdict_on(const verifier::VerificationRequest& request);
  verifier::Verdict ask(const verifier::VerificationRequest& request);
  bool is_granted(const verifier::Verdict& verdict) const;
  GrantedLogin granted(const verifier::Verdict& verdict, std::string_view name,
                       std::string_view method);
  std::optional<GrantedLogin> conclude(const verifier::Verdict& verdict, std::string_view name,
                                       std::string_view method);
  template <class Answer> void refuse(const verifier::Verdict& verdict);

  const MonitorContext& context_;
  ipc::Channel& channel_;
  Clock::time_point deadline_;
  Clock::time_point refusal_due_{}; // of the refusal
  std::uint32_t attempts_ = 0;
  std::optional<verifier::ScramExchange> exchange_; // an offer that waits for its proof
  std::optional<GrantedLogin> proven_;              // a proof that waits for the client's consent
};

} // namespace monitor
