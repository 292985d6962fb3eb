// SPDX-License-Identifier: ISC
// The attempts to log in that one connection makes: counted, each put to a verifier, refused at the
// same moment whatever was wrong. Runs in the monitor, which distrusts the front.
#pragma once

#include "privsep/channel.hpp"
#include "privsep/message.hpp"
#include "privsep/monitor_place.hpp"
#include "privsep/question.hpp"
#include "privsep/verdict.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace privsep {

/// Somebody may have a maildrop, as a verdict says that was granted and is acceptable.
struct GrantedLogin {
  Verdict verdict;
  std::string user;
  std::string_view method; ///< For the log.
};

class Attempts {
 public:
  /// Both must outlive it. No verifier runs beyond `deadline`.
  Attempts(const MonitorPlace& place, Channel& channel,
           std::chrono::steady_clock::time_point deadline)
      : place_(place), channel_(channel), deadline_(deadline) {}

  /// Each answers the request, unless it gives the login that is to be answered with a maildrop or
  /// with deny(). They wipe what was secret in it. Throws ProtocolViolation for what the connection
  /// does not allow and for a step of SCRAM that does not follow its first, and what Channel
  /// throws.
  std::optional<GrantedLogin> take(LoginRequest& request);
  std::optional<GrantedLogin> take(TokenRequest& request);
  std::optional<GrantedLogin> take(ScramStartRequest& request);
  std::optional<GrantedLogin> take(ScramCheckRequest& request);
  std::optional<GrantedLogin> take(ScramFinishRequest& request);

  /// Tells the front that the last attempt gives no maildrop.
  void deny(pop3::Denial::Reason reason);

 private:
  using Clock = std::chrono::steady_clock;

  void begin();
  bool is_last() const { return attempts_ >= place_.settings.attempts; }
  Verdict verdict_on(const Question& question);
  Verdict ask(const Question& question);
  bool is_granted(const Verdict& verdict) const;
  GrantedLogin granted(const Verdict& verdict, std::string_view name, std::string_view method);
  std::optional<GrantedLogin> conclude(const Verdict& verdict, std::string_view name,
                                       std::string_view method);
  template <class Answer> void refuse(const Verdict& verdict);

  const MonitorPlace& place_;
  Channel& channel_;
  Clock::time_point deadline_;
  Clock::time_point tick_{}; // of the refusal
  std::uint32_t attempts_ = 0;
  std::optional<ScramExchange> exchange_; // an offer that waits for its proof
  std::optional<GrantedLogin> proven_;    // a proof that waits for the client's consent
};

} // namespace privsep
