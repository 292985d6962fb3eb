// SPDX-License-Identifier: ISC
#include "monitor/login_attempts.hpp"

#include "base/base64.hpp"
#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "pop3/refusal.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <unistd.h>
#include <utility>

namespace monitor {

namespace {

using std::chrono::seconds;
using Reason = pop3::Denial::Reason;
using Kind = verifier::Verdict::Kind;

/// The least time from a name to its offer. It hides the last differences between a user's verifier
/// and a decoy.
constexpr std::chrono::milliseconds offer_delay{20};

Reason reason_for(Kind kind) {
  if (kind == Kind::temporary)
    return Reason::temporary;
  return kind == Kind::permanent ? Reason::permanent : Reason::credentials;
}

template <std::size_t Size>
std::string text(const std::array<char, Size>& octets, std::uint32_t length) {
  return {octets.data(), length};
}

/// RFC 5802 section 5.1 requires printable characters without a comma.
std::string new_nonce() {
  std::array<char, ipc::scram_nonce_octets / 4 * 3> random{};
  base::check(getentropy(random.data(), random.size()), "getrandom");
  return base::encode_base64({random.data(), random.size()});
}

ipc::ScramOfferAnswer answer_with(const pop3::ScramOffer& offer) {
  ipc::ScramOfferAnswer answer;
  answer.granted = 1;
  answer.iterations = offer.iterations;
  answer.salt_length =
      static_cast<std::uint8_t>(offer.salt.copy(answer.salt.data(), answer.salt.size()));
  offer.nonce.copy(answer.nonce.data(), answer.nonce.size());
  return answer;
}

/// True when `verdict` permits a login, and may be acted on.
bool permits(const verifier::Verdict& verdict, const config::Settings& settings) {
  return verdict.kind == Kind::granted && verifier::is_acceptable(verdict, settings, geteuid());
}

} // namespace

base::Secret GrantedLogin::take_index_key() {
  base::Secret secret(passwords::text_of(verdict.index_key));
  verdict.index_key = {};
  return secret;
}

/// Counts an attempt, sets the time of a refusal and ends a SCRAM exchange that is in progress.
/// True if there was one. Throws ProtocolViolation when the mechanism is not possible on this
/// connection.
bool LoginAttempts::begin_attempt(pop3::Mechanism mechanism) {
  answer_due_ = Clock::now() + seconds(context_.settings.failure_delay);
  ++attempts_;
  const bool has_abandoned = abandon_exchange();
  if (!is_possible(mechanism, context_.profile))
    throw ipc::ProtocolViolation("a mechanism that is not possible on this connection");
  return has_abandoned;
}

bool LoginAttempts::abandon_exchange() {
  const auto left = std::move(offered_ ? offered_ : proven_);
  offered_.reset();
  proven_.reset();
  if (left)
    left->abandon();
  return left != nullptr;
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::LoginRequest& request) {
  const base::Wiper wiper(request);
  begin_attempt(request.mechanism);
  if (!await_turn<ipc::LoginAnswer>({request.name.data(), request.name_length},
                                    {request.password.data(), request.password_length}))
    return {};
  auto verdict = checked([&] {
    return login::check(request, {context_, channel_, deadline_, guard_.is_suspect()});
  });
  if (!permits(verdict, context_.settings)) {
    if (verdict.kind == Kind::refused)
      guard_.fail();
    return refuse<ipc::LoginAnswer>(verdict);
  }
  return granted(std::move(verdict), request.mechanism);
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::ScramStartRequest& request) {
  // The failure of an exchange that the client has left delays the next offer.
  const auto earliest = Clock::now() + offer_delay;
  if (!begin_attempt(pop3::Mechanism::scram))
    answer_due_ = earliest;
  answer_due_ = std::max(answer_due_, earliest);
  if (!await_turn<ipc::ScramOfferAnswer>({request.name.data(), request.name_length}, ""))
    return {};
  std::unique_ptr<login::ScramLogin> scram;
  const auto verdict = checked([&] {
    scram = std::make_unique<login::ScramLogin>(
        pop3::ScramStart{text(request.name, request.name_length),
                         text(request.bare, request.bare_length),
                         text(request.nonce, request.nonce_length)},
        new_nonce(), context_);
    return scram->make_offer();
  });
  if (verdict.kind != Kind::granted)
    return refuse<ipc::ScramOfferAnswer>(verdict);
  auto answer = answer_with(scram->offer());
  answer.is_final = is_last() ? 1 : 0;
  offered_ = std::move(scram);
  guard_.let_next_begin(); // the proof comes when the client likes
  std::this_thread::sleep_until(answer_due_);
  channel_.send(ipc::bytes_of(answer));
  return {};
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::ScramCheckRequest& request) {
  const base::Wiper wiper(request);
  if (!offered_)
    throw ipc::ProtocolViolation("a proof without an offer");
  auto scram = std::move(offered_);
  answer_due_ = Clock::now() + seconds(context_.settings.failure_delay);
  const auto verdict = checked([&] {
    return scram->check({text(request.without_proof, request.length), {request.proof}});
  });
  if (!permits(verdict, context_.settings))
    return refuse<ipc::ScramSignatureAnswer>(verdict);
  ipc::ScramSignatureAnswer answer;
  answer.granted = 1;
  answer.signature = scram->signature();
  proven_ = std::move(scram);
  channel_.send(ipc::bytes_of(answer));
  return {};
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::ScramFinishRequest&) {
  if (!proven_)
    throw ipc::ProtocolViolation("a login without a proof");
  const auto scram = std::move(proven_);
  auto verdict = checked([&] { return scram->finish(); });
  if (!permits(verdict, context_.settings))
    return refuse<ipc::LoginAnswer>(verdict);
  return granted(std::move(verdict), pop3::Mechanism::scram);
}

/// Hashes, keys and what the client has sent do not stay on the stack of a process that becomes the
/// keeper.
GrantedLogin LoginAttempts::granted(verifier::Verdict verdict, pop3::Mechanism mechanism) {
  guard_.succeed(verdict.name);
  base::wipe_stack();
  return {std::move(verdict), traits_of(mechanism).name};
}

/// Waits until the attempt may be made. False when it must not be made: then it is answered, unless
/// the front does not wait any more.
template <class Answer>
bool LoginAttempts::await_turn(std::string_view name, std::string_view password) {
  using Turn = GuessGuard::Turn;
  const auto before = Clock::now();
  const auto turn = guard_.begin({name, password}, deadline_, channel_);
  answer_due_ += Clock::now() - before; // so that the time of a refusal still tells nothing
  if (turn.kind == Turn::Kind::refused) {
    if (!std::exchange(has_logged_penalty_, true)) // the others would tell nothing new
      log_unchecked(name, "penalty");
    verifier::Verdict verdict{Kind::refused};
    verdict.hint = pop3::too_many_failures(turn.seconds);
    (void)refuse<Answer>(verdict, Reason::penalty);
  }
  return turn.kind == Turn::Kind::due;
}

/// Sends the refusal when its time has come. Gives no login. Of what was refused nothing stays on
/// the stack either: a mistyped password is nearly the right one.
template <class Answer>
std::optional<GrantedLogin> LoginAttempts::refuse(const verifier::Verdict& verdict,
                                                  std::optional<Reason> reason) {
  if (verdict.kind != Kind::refused)
    guard_.forgive();
  base::wipe_stack();
  Answer answer;
  answer.reason = reason.value_or(reason_for(verdict.kind));
  answer.is_final = is_last() ? 1 : 0;
  answer.hint_length =
      static_cast<std::uint8_t>(verdict.hint.copy(answer.hint.data(), answer.hint.size()));
  std::this_thread::sleep_until(answer_due_); // at the same time, whatever the reason
  channel_.send(ipc::bytes_of(answer));
  return {};
}

void LoginAttempts::note(const ipc::UnprotectedRequest& request) {
  if (context_.profile.is_protected)
    throw ipc::ProtocolViolation("unprotected only by name");
  has_unprotected_ = true;
  guard_.count_unprotected();
  const auto name = text(request.name, request.name_length);
  const bool is_wrapped = context_.settings.tls == config::Settings::Tls::wrapped;
  log_unchecked(name, "unprotected",
                is_wrapped ? "the proxy says that its client has no TLS"
                           : "no TLS, as far as this server knows; behind a TLS wrapper set tls = "
                             "wrapped");
}

void LoginAttempts::log_unchecked(std::string_view name, std::string_view reason,
                                  std::string_view problem) const {
  if (logs_unchecked_)
    (void)checked([&] { return login::refuse_unchecked(name, context_, reason, problem); });
}

void LoginAttempts::deny(Reason reason) {
  ipc::LoginAnswer answer;
  answer.reason = reason;
  answer.is_final = is_last() ? 1 : 0;
  channel_.send(ipc::bytes_of(answer));
}

/// The verdict that `check` gives; a temporary one, which is logged, when it throws.
verifier::Verdict LoginAttempts::checked(const std::function<verifier::Verdict()>& check) const {
  verifier::Verdict verdict;
  try {
    verdict = check();
  } catch (const std::exception& error) {
    context_.log.write({"unavailable", base::Level::error, "verifier-failed", error.what()});
  }
  return verdict;
}

} // namespace monitor
