// SPDX-License-Identifier: ISC
#include "front/remote_gatekeeper.hpp"

#include "front/remote_maildrop.hpp"
#include "ipc/request.hpp"

#include <algorithm>
#include <string_view>

namespace front {

namespace {

using pop3::Denial;

/// Copies `text`, which must fit, and stores its length.
template <std::size_t Size>
void put(std::array<char, Size>& target, std::uint32_t& length, std::string_view text) {
  length = static_cast<std::uint32_t>(text.copy(target.data(), target.size()));
}

/// Credentials that do not fit cannot be right. An empty request counts and costs like any attempt.
void send_credentials(Requester& requester, const pop3::Credentials& credentials) {
  ipc::LoginRequest request;
  const base::Wiper wiper(request);
  request.mechanism = credentials.mechanism;
  if (credentials.name.size() <= pop3::max_user_name &&
      credentials.password.size() <= ipc::max_secret(traits_of(credentials.mechanism).proof)) {
    put(request.name, request.name_length, credentials.name);
    put(request.password, request.password_length, credentials.password.reveal());
  }
  requester.send(request);
}

template <class Answer> Denial denial_of(const Answer& answer) {
  return {.reason = answer.reason,
          .is_final = answer.is_final != 0,
          .hint = std::string(answer.hint.data(), answer.hint_length)};
}

} // namespace

RemoteGatekeeper::Login RemoteGatekeeper::login(const pop3::Credentials& credentials) {
  if (had_last_offer_)
    return base::Refused{Denial{Denial::Reason::used_up, true}};
  send_credentials(requester_, credentials);
  return await();
}

base::Result<pop3::ScramOffer, Denial>
RemoteGatekeeper::scram_start(const pop3::ScramStart& start) {
  if (had_last_offer_)
    return base::Refused{Denial{Denial::Reason::used_up, true}};
  ipc::ScramStartRequest request;
  if (start.name.size() <= pop3::max_user_name && start.nonce.size() <= pop3::max_scram_nonce &&
      start.message_bare.size() <= pop3::max_scram_message) {
    put(request.name, request.name_length, start.name);
    put(request.nonce, request.nonce_length, start.nonce);
    put(request.bare, request.bare_length, start.message_bare);
  }
  const auto answer = requester_.ask<ipc::ScramOfferAnswer>(request, Awaited::login);
  had_last_offer_ = answer.is_final != 0;
  if (answer.granted == 0)
    return base::Refused{denial_of(answer)};
  return pop3::ScramOffer{std::string(answer.nonce.data(), answer.nonce.size()),
                          std::string(answer.salt.data(), answer.salt_length), answer.iterations};
}

base::Result<pop3::ScramSignature, Denial>
RemoteGatekeeper::scram_check(const pop3::ScramFinal& final) {
  ipc::ScramCheckRequest request;
  const base::Wiper wiper(request);
  request.proof = final.proof;
  if (final.without_proof.size() <= pop3::max_scram_message)
    put(request.without_proof, request.length, final.without_proof);
  const auto answer = requester_.ask<ipc::ScramSignatureAnswer>(request, Awaited::login);
  if (answer.granted == 0)
    return base::Refused{denial_of(answer)};
  return answer.signature;
}

RemoteGatekeeper::Login RemoteGatekeeper::scram_finish() {
  requester_.send(ipc::ScramFinishRequest());
  return await();
}

void RemoteGatekeeper::note_unprotected(std::string_view name) {
  if (noted_ == ipc::UnprotectedRequest::permission.most)
    return;
  ++noted_;
  ipc::UnprotectedRequest request;
  if (name.size() <= request.name.size())
    put(request.name, request.name_length, name);
  requester_.send(request);
}

RemoteGatekeeper::Login RemoteGatekeeper::await() {
  const auto answer = requester_.receive<ipc::LoginAnswer>(Awaited::login);
  if (answer.granted != 0)
    return std::unique_ptr<pop3::Maildrop>(
        std::make_unique<RemoteMaildrop>(requester_, answer.count, answer.is_read_only != 0));
  auto denial = denial_of(answer);
  denial.held_since = answer.held_since;
  denial.held_from = answer.held_from.data();
  return base::Refused{std::move(denial)};
}

} // namespace front
