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

/// The verdict on every step when the site's key or the users file cannot be used; otherwise
/// nothing.
std::optional<verifier::Verdict> ScramLogin::obstacle() const {
  if (!access_.site_key())
    return access_.verdicts().unavailable(verifier::Verdict::Kind::permanent, "site-key-refused",
                                          access_.site_key().error());
  return access_.obstacle();
}

/// The user's own SCRAM verifier, or a decoy without one.
passwords::ScramVerifier ScramLogin::verifier_for(const std::optional<users::User>& user) const {
  auto own = user ? users::verifier_of(*user) : std::nullopt;
  if (own)
    return std::move(*own);
  const auto usual = access_.users().scram_iterations();
  return passwords::decoy_scram(access_.name(), *access_.site_key(),
                                usual != 0 ? usual : passwords::default_scram_iterations);
}

verifier::Verdict ScramLogin::make_offer() {
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  static_assert(passwords::most_scram_salt <= ipc::max_scram_salt);
  const auto verifier = verifier_for(access_.find());
  offer_.salt = verifier.salt;
  offer_.iterations = verifier.iterations;
  return {verifier::Verdict::Kind::granted};
}

verifier::Verdict ScramLogin::check(const pop3::ScramFinal& final) {
  access_.refresh();
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  const auto user = access_.find();
  proven_ = verifier_for(user);
  // The AuthMessage of RFC 5802 section 3, which both sides sign. The middle part is the server's,
  // and new each time.
  const auto signature =
      passwords::check_proof(proven_,
                             start_.message_bare + "," + pop3::server_first(start_.nonce, offer_) +
                                 "," + final.without_proof,
                             final.proof);
  if (!user)
    return access_.refuse_unknown();
  if (!signature)
    return access_.verdicts().refused(users::verifier_of(*user) ? "wrong-password"
                                                                : "no-scram-verifier");
  signature_ = *signature;
  return access_.admit_by_password(*user);
}

verifier::Verdict ScramLogin::finish() {
  access_.refresh();
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  const auto user = access_.find();
  if (!user)
    return access_.refuse_unknown();
  if (users::verifier_of(*user) != proven_)
    return access_.verdicts().refused("wrong-password");
  return access_.admit_by_password(*user);
}

} // namespace login
