// SPDX-License-Identifier: ISC
// The two questions of an exchange of SCRAM-SHA-256 (RFC 5802): what is this name to be offered,
// and does the client's proof fit? A name that nobody has is offered something as well, the same
// each time, which no proof fits. Runs in the verifier.
#pragma once

#include "base/secret.hpp"
#include "passwords/scram_verifier.hpp"
#include "state/key_file.hpp"
#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

#include <optional>

namespace verifier {

class ScramAnswerer : public Answerer {
 protected:
  ScramAnswerer(std::string_view said, const VerifierPlace& place);

  /// A verdict for all when the site's key, or the users file, cannot be had.
  std::optional<Verdict> obstacle() const;
  /// The user's own, else one that is made up.
  passwords::ScramVerifier verifier_for(const std::optional<users::User>& user) const;

  Inquiry inquiry_;

 private:
  base::Result<base::Secret, state::KeyFileProblem> site_key_;
};

class ScramOfferAnswering : public ScramAnswerer {
 public:
  ScramOfferAnswering(const pop3::ScramStart& start, const VerifierPlace& place)
      : ScramAnswerer(start.name, place) {}

  /// Granted with salt and iterations, and nothing else.
  Verdict answer(Clock::time_point deadline) override;
};

class ScramProofAnswering : public ScramAnswerer {
 public:
  /// The proof must outlive it.
  ScramProofAnswering(const ScramProof& proof, const VerifierPlace& place)
      : ScramAnswerer(proof.exchange.start.name, place), proof_(proof) {}

  /// Granted with the server's signature.
  Verdict answer(Clock::time_point deadline) override;

 private:
  const ScramProof& proof_;
};

} // namespace verifier
