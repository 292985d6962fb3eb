// SPDX-License-Identifier: ISC
// A login by SCRAM-SHA-256 (RFC 5802) in its three steps: the offer for a name, the check of the
// client's proof, and the client's confirmation. A name without a user gets an offer as well, the
// same each time, which no proof matches.
#pragma once

#include "base/secret.hpp"
#include "login/access_check.hpp"
#include "passwords/scram_verifier.hpp"
#include "pop3/gatekeeper.hpp"

#include <optional>
#include <string>

namespace login {

class ScramLogin {
 public:
  /// `nonce` is the server's part of the nonce, which no other exchange has had: then no proof that
  /// was seen before fits. Opens the users file; throws std::system_error. The context must
  /// outlive this object.
  ScramLogin(pop3::ScramStart start, std::string nonce, const verifier::VerifierContext& context);

  // Each step gives a verdict, and logs the reason of every one but granted. Each throws
  // std::exception when the users file or the site's key cannot be read.

  /// With a granted verdict, offer() is for the client.
  verifier::Verdict make_offer();
  const pop3::ScramOffer& offer() const { return offer_; }
  /// With a granted verdict, signature() is for the client.
  verifier::Verdict check(const pop3::ScramFinal& final);
  const pop3::ScramSignature& signature() const { return signature_; }
  /// The verdict on the login, by the users file as it is now: the user may have been removed, or
  /// given another password, since the proof.
  verifier::Verdict finish();

 private:
  std::optional<verifier::Verdict> obstacle() const;
  passwords::ScramVerifier verifier_for(const std::optional<users::User>& user) const;

  pop3::ScramStart start_;
  AccessCheck access_;
  pop3::ScramOffer offer_;
  passwords::ScramVerifier proven_; // the verifier that the proof fitted
  pop3::ScramSignature signature_{};
};

} // namespace login
