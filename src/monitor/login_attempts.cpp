// SPDX-License-Identifier: ISC
#include "monitor/login_attempts.hpp"

#include "base/base64.hpp"
#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "monitor/hash_renewal.hpp"
#include "verifier/verifier.hpp"

#include <algorithm>
#include <array>
#include <sys/random.h>
#include <thread>
#include <unistd.h>

namespace monitor {

namespace {

using std::chrono::seconds;
using Reason = pop3::Denial::Reason;

/// The time from a name to its offer. It hides how long the lookup takes, which differs for names
/// with and without a user.
constexpr std::chrono::milliseconds offer_delay{20};

Reason reason_for(verifier::Verdict::Kind kind) {
  switch (kind) {
  case verifier::Verdict::Kind::temporary: return Reason::temporary;
  case verifier::Verdict::Kind::permanent: return Reason::permanent;
  case verifier::Verdict::Kind::granted:
  case verifier::Verdict::Kind::refused: break;
  }
  return Reason::credentials;
}

template <std::size_t Size>
std::string text(const std::array<char, Size>& octets, std::uint32_t length) {
  return {octets.data(), length};
}

/// RFC 5802 section 5.1 requires printable characters without a comma.
std::string new_nonce() {
  std::array<char, ipc::scram_nonce_octets / 4 * 3> random{};
  if (base::check(getrandom(random.data(), random.size(), 0), "getrandom") !=
      static_cast<ssize_t>(random.size()))
    throw std::system_error(EIO, std::generic_category(), "getrandom");
  return base::encode_base64({random.data(), random.size()});
}

} // namespace

/// Counts an attempt, sets the time of its refusal and drops a SCRAM exchange that is in progress.
/// Throws ProtocolViolation when the mechanism is not possible on this connection.
void LoginAttempts::begin_attempt(pop3::Mechanism mechanism) {
  refusal_due_ = Clock::now() + seconds(context_.settings.failure_delay);
  ++attempts_;
  exchange_.reset();
  proven_.reset();
  if (!is_possible(mechanism, context_.profile))
    throw ipc::ProtocolViolation("a mechanism that is not possible on this connection");
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::LoginRequest& request) {
  const base::Wiper wiper(request);
  begin_attempt(request.mechanism);
  return conclude(verify(&request), text(request.name, request.name_length), request.mechanism);
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::TokenRequest& request) {
  const base::Wiper wiper(request);
  begin_attempt(request.mechanism);
  return conclude(verify(&request), text(request.name, request.name_length), request.mechanism);
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::ScramStartRequest& request) {
  begin_attempt(pop3::Mechanism::scram);
  verifier::ScramExchange exchange{{text(request.name, request.name_length),
                                    text(request.bare, request.bare_length),
                                    text(request.nonce, request.nonce_length)},
                                   {new_nonce(), {}, 0}};
  const auto offered = Clock::now() + offer_delay;
  const auto verdict = verify(&exchange.start);
  std::this_thread::sleep_until(offered);
  if (verdict.kind != verifier::Verdict::Kind::granted ||
      verdict.salt_length > verdict.salt.size()) {
    refuse<ipc::ScramOfferAnswer>(verdict);
    return {};
  }
  exchange.offer.salt.assign(verdict.salt.data(), verdict.salt_length);
  exchange.offer.iterations = verdict.iterations;
  ipc::ScramOfferAnswer answer;
  answer.granted = 1;
  answer.is_final = is_last() ? 1 : 0;
  answer.salt_length = verdict.salt_length;
  answer.iterations = verdict.iterations;
  answer.salt = verdict.salt;
  exchange.offer.nonce.copy(answer.nonce.data(), answer.nonce.size());
  exchange_ = std::move(exchange);
  channel_.send(ipc::bytes_of(answer));
  return {};
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::ScramCheckRequest& request) {
  if (!exchange_)
    throw ipc::ProtocolViolation("a proof without an offer");
  const auto exchange = *std::exchange(exchange_, {});
  const verifier::ScramProof proof{exchange,
                                   {text(request.without_proof, request.length), request.proof}};
  refusal_due_ = Clock::now() + seconds(context_.settings.failure_delay);
  const auto verdict = verify(&proof);
  if (!is_granted(verdict)) {
    std::this_thread::sleep_until(refusal_due_);
    refuse<ipc::ScramSignatureAnswer>(verdict);
    return {};
  }
  proven_ = granted(verdict, exchange.start.name, pop3::Mechanism::scram);
  ipc::ScramSignatureAnswer answer;
  answer.granted = 1;
  answer.signature = verdict.signature;
  channel_.send(ipc::bytes_of(answer));
  return {};
}

std::optional<GrantedLogin> LoginAttempts::take(ipc::ScramFinishRequest&) {
  if (!proven_)
    throw ipc::ProtocolViolation("a login without a proof");
  return std::exchange(proven_, {});
}

bool LoginAttempts::is_granted(const verifier::Verdict& verdict) const {
  return verdict.kind == verifier::Verdict::Kind::granted &&
         verifier::is_acceptable(verdict, context_.settings, geteuid());
}

GrantedLogin LoginAttempts::granted(const verifier::Verdict& verdict, std::string_view name,
                                    pop3::Mechanism mechanism) {
  const auto user = verifier::text_of(verdict.name);
  return {verdict, std::string(user.empty() ? name : user), traits_of(mechanism).name};
}

std::optional<GrantedLogin> LoginAttempts::conclude(const verifier::Verdict& verdict,
                                                    std::string_view name,
                                                    pop3::Mechanism mechanism) {
  if (!is_granted(verdict)) {
    std::this_thread::sleep_until(refusal_due_); // at the same time, whatever the reason
    refuse<ipc::LoginAnswer>(verdict);
    return {};
  }
  auto login = granted(verdict, name, mechanism);
  if (const auto hash = verifier::text_of(verdict.new_hash); !hash.empty())
    renew_hash(login.user, std::string(hash), context_.settings, context_.log);
  return login;
}

template <class Answer> void LoginAttempts::refuse(const verifier::Verdict& verdict) {
  Answer answer;
  answer.reason = reason_for(verdict.kind);
  answer.is_final = is_last() ? 1 : 0;
  if constexpr (requires { answer.hint; }) {
    const auto hint = verifier::text_of(verdict.hint);
    answer.hint_length =
        static_cast<std::uint8_t>(hint.copy(answer.hint.data(), answer.hint.size()));
  }
  channel_.send(ipc::bytes_of(answer));
}

void LoginAttempts::deny(Reason reason) {
  ipc::LoginAnswer answer;
  answer.reason = reason;
  answer.is_final = is_last() ? 1 : 0;
  channel_.send(ipc::bytes_of(answer));
}

/// Gives a temporary verdict when no verifier can be started.
verifier::Verdict LoginAttempts::verify(const verifier::VerificationRequest& request) {
  try {
    return verifier::verify(request, context_, channel_, deadline_);
  } catch (const std::system_error& error) {
    context_.log.write({"unavailable", base::Level::error, "verifier-failed", error.what()});
    return {};
  }
}

} // namespace monitor
