// SPDX-License-Identifier: ISC
// Users whom somebody else vouches for: the TLS wrapper that has verified a client's certificate,
// or the authorization server that has signed a token. Runs in the verifier.
#pragma once

#include "base/secret.hpp"
#include "credentials/keys_file.hpp"
#include "privsep/answerer.hpp"
#include "privsep/inquiry.hpp"

#include <optional>

namespace privsep {

/// EXTERNAL (RFC 4422 appendix A): the user whom the certificate names, who may also be named.
class CertificateAnswer : public Answerer {
 public:
  CertificateAnswer(const LoginRequest& request, const VerifierPlace& place);

  Verdict answer(Clock::time_point deadline) override;

 private:
  std::string named_by_client_;
  std::optional<std::string> named_; ///< By the certificate.
  Inquiry inquiry_;
};

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
