// SPDX-License-Identifier: ISC
// Verifies users by client certificate; the TLS wrapper has already verified the certificate. Runs
// in the verifier.
#pragma once

#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

#include <optional>
#include <string>

namespace verifier {

/// EXTERNAL (RFC 4422 appendix A): the user that the certificate names. The client may also give
/// this name as authorization identity, but no other.
class CertificateCheck : public Verification {
 public:
  CertificateCheck(const ipc::LoginRequest& request, const VerifierContext& context);

  Verdict run(Clock::time_point deadline) override;

 private:
  std::string named_by_client_;
  std::optional<std::string> named_; ///< The name in the certificate.
  AccessCheck access_;
};

} // namespace verifier
