// SPDX-License-Identifier: ISC
// The two requests of an exchange of SCRAM-SHA-256 (RFC 5802): the offer for a name, and the check
// of the client's proof. A name without a user gets an offer as well, the same each time, which no
// proof matches. Runs in the verifier.
#pragma once

#include "base/secret.hpp"
#include "passwords/scram_verifier.hpp"
#include "state/private_file.hpp"
#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

#include <optional>

namespace verifier {

class ScramCheck : public Verification {
 protected:
  ScramCheck(std::string_view said, const VerifierContext& context);

  /// The verdict on every request when the site's key or the users file cannot be used; otherwise
  /// nothing.
  std::optional<Verdict> obstacle() const;
  /// The user's own SCRAM verifier, or a decoy without one.
  passwords::ScramVerifier verifier_for(const std::optional<users::User>& user) const;

  AccessCheck access_;

 private:
  base::Result<base::Secret, state::KeyFileProblem> site_key_;
};

class ScramOfferCheck : public ScramCheck {
 public:
  ScramOfferCheck(const pop3::ScramStart& start, const VerifierContext& context)
      : ScramCheck(start.name, context) {}

  /// Gives a granted verdict with salt and iterations, and nothing else.
  Verdict run(Clock::time_point deadline) override;
};

class ScramProofCheck : public ScramCheck {
 public:
  /// The proof must outlive this object.
  ScramProofCheck(const ScramProof& proof, const VerifierContext& context)
      : ScramCheck(proof.exchange.start.name, context), proof_(proof) {}

  /// Gives a granted verdict with the server's signature.
  Verdict run(Clock::time_point deadline) override;

 private:
  const ScramProof& proof_;
};

} // namespace verifier
