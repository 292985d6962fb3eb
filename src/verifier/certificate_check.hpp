// SPDX-License-Identifier: ISC
// Users whom a client certificate names, which the TLS wrapper has verified. Runs in the verifier.
#pragma once

#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

#include <optional>
#include <string>

namespace verifier {

/// EXTERNAL (RFC 4422 appendix A): the user whom the certificate names, who may also be named.
class CertificateCheck : public Verification {
 public:
  CertificateCheck(const ipc::LoginRequest& request, const VerifierContext& context);

  Verdict run(Clock::time_point deadline) override;

 private:
  std::string named_by_client_;
  std::optional<std::string> named_; ///< By the certificate.
  AccessCheck access_;
};

} // namespace verifier
