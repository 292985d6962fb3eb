// SPDX-License-Identifier: ISC
#include "verifier/verification.hpp"

namespace verifier {

Verdict check(const VerificationRequest& request, const Verification& verification) {
  return std::visit([&](const auto* one) { return check(*one, verification); }, request);
}

Verdict check(const ipc::LoginRequest& request, const Verification& verification) {
  return traits_of(request.mechanism).proof == pop3::Proof::certificate
             ? check_certificate(request, verification)
             : check_password(request, verification);
}

} // namespace verifier
