// SPDX-License-Identifier: ISC
// Users whom a token names, which the site's authorization server has signed. Runs in the verifier.
#pragma once

#include "credentials/keys_file.hpp"
#include "privsep/answerer.hpp"
#include "privsep/inquiry.hpp"

namespace privsep {

/// OAUTHBEARER (RFC 7628) and XOAUTH2: the user whom the token names, who may also be named.
class TokenAnswer : public Answerer {
 public:
  /// The request must outlive it.
  TokenAnswer(const TokenRequest& request, const VerifierPlace& place);

  Verdict answer(Clock::time_point deadline) override;

 private:
  Verdict admit(const credentials::Claims& claims);

  const TokenRequest& request_;
  Inquiry inquiry_;
  base::Result<credentials::KeysFile, credentials::FileProblem> keys_;
};

} // namespace privsep
