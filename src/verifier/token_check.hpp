// SPDX-License-Identifier: ISC
// Verifies users by a token that the site's authorization server has signed. Runs in the verifier.
#pragma once

#include "tokens/keys_file.hpp"
#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

namespace verifier {

/// OAUTHBEARER (RFC 7628) and XOAUTH2: the user that the token names. The client may also give this
/// name, but no other.
class TokenCheck : public Verification {
 public:
  /// The request must outlive this object.
  TokenCheck(const ipc::TokenRequest& request, const VerifierContext& context);

  Verdict run(Clock::time_point deadline) override;

 private:
  Verdict admit(const tokens::Claims& claims);

  const ipc::TokenRequest& request_;
  AccessCheck access_;
  base::Result<tokens::KeysFile, base::FileProblem> keys_;
};

} // namespace verifier
