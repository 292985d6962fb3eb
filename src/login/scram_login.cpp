// SPDX-License-Identifier: ISC
#include "login/scram_login.hpp"

#include "ipc/answer.hpp"
#include "pop3/scram_message.hpp"
#include "users/scram_entry.hpp"

namespace login {

ScramLogin::ScramLogin(pop3::ScramStart start, std::string nonce,
                       const verifier::VerifierContext& context)
    : start_(std::move(start)), access_(start_.name, context) {
  offer_.nonce = std::move(nonce);
}

/// Looks the user up, unless that is done and the users file has not changed since. Gives the
/// verdict on every step when the site's key or the users file cannot be used; otherwise nothing.
std::optional<verifier::Verdict> ScramLogin::read_user() {
  if (!access_.site_key())
    return access_.verdicts().unavailable(verifier::Verdict::Kind::permanent, "site-key-refused",
                                          access_.site_key().error());
  const bool is_new = access_.refresh();
  if (auto obstacle = access_.obstacle(); obstacle || (verifier_ && !is_new))
    return obstacle;
  auto found = access_.find_with_scram();
  auto decoy = passwords::decoy_scram(access_.name(), *access_.site_key(), found.most_common);
  auto own = found.user ? users::verifier_of(*found.user) : std::nullopt;
  has_verifier_ = own.has_value();
  verifier_ = own ? std::move(*own) : std::move(decoy);
  user_ = std::move(found.user);
  return {};
}

verifier::Verdict ScramLogin::make_offer() {
  if (const auto obstacle = read_user())
    return *obstacle;
  static_assert(passwords::most_scram_salt <= ipc::max_scram_salt);
  offer_.salt = verifier_->salt;
  offer_.iterations = verifier_->iterations;
  return {verifier::Verdict::Kind::granted};
}

verifier::Verdict ScramLogin::check(const pop3::ScramFinal& final) {
  if (const auto obstacle = read_user())
    return *obstacle;
  proven_ = *verifier_;
  // The AuthMessage of RFC 5802 section 3, which both sides sign. The middle part is the server's,
  // and new each time.
  const auto signature =
      passwords::check_proof(proven_,
                             start_.message_bare + "," + pop3::server_first(start_.nonce, offer_) +
                                 "," + final.without_proof,
                             final.proof);
  if (!user_)
    return access_.refuse_unknown();
  if (!signature)
    return access_.verdicts().refused(has_verifier_ ? "wrong-password" : "no-scram-verifier");
  signature_ = *signature;
  has_proof_ = true;
  return access_.admit_by_password(*user_);
}

verifier::Verdict ScramLogin::finish() {
  if (const auto obstacle = read_user())
    return *obstacle;
  if (!user_)
    return access_.refuse_unknown();
  if (!has_verifier_ || *verifier_ != proven_)
    return access_.verdicts().refused("wrong-password");
  return access_.admit_by_password(*user_);
}

void ScramLogin::abandon() const {
  (void)access_.verdicts().refused(has_proof_ ? "not-confirmed" : "no-proof");
}

} // namespace login
