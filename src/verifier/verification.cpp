// SPDX-License-Identifier: ISC
#include "verifier/verification.hpp"

namespace verifier {

Verdict check(const VerificationRequest& request, const Verification& verification) {
  return std::visit([&](const auto* one) { return check(*one, verification); }, request);
}

Verdict check(const ipc::LoginRequest& request, const Verification& verification) {
  switch (traits_of(request.mechanism).proof) {
  case pop3::Proof::certificate: return check_certificate(request, verification);
  case pop3::Proof::token: return check_token(request, verification);
  default: return check_password(request, verification);
  }
}

} // namespace verifier
