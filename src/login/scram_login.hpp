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
  /// Logs that the client has left the exchange before its end, as a failed login: an offer costs
  /// the server as much as a wrong password, and a proof that was accepted tests a password.
  void abandon() const;

 private:
  std::optional<verifier::Verdict> read_user();

  pop3::ScramStart start_;
  AccessCheck access_;
  std::optional<users::User> user_;                  // as the users file is now
  std::optional<passwords::ScramVerifier> verifier_; // of user_, or a decoy
  bool has_verifier_ = false;                        // verifier_ is no decoy
  pop3::ScramOffer offer_;
  bool has_proof_ = false;          // the client has sent the right one
  passwords::ScramVerifier proven_; // the verifier that the proof fitted
  pop3::ScramSignature signature_{};
};

} // namespace login
