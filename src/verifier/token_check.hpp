// SPDX-License-Identifier: ISC
// Users whom a token names, which the site's authorization server has signed. Runs in the verifier.
#pragma once

#include "tokens/keys_file.hpp"
#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

namespace verifier {

/// OAUTHBEARER (RFC 7628) and XOAUTH2: the user whom the token names, who may also be named.
class TokenCheck : public Verification {
 public:
  /// The request must outlive it.
  TokenCheck(const ipc::TokenRequest& request, const VerifierContext& context);

  Verdict run(Clock::time_point deadline) override;

 private:
  Verdict admit(const tokens::Claims& claims);

  const ipc::TokenRequest& request_;
  AccessCheck access_;
  base::Result<tokens::KeysFile, base::FileProblem> keys_;
};

} // namespace verifier
