// SPDX-License-Identifier: ISC
#include "login/login_check.hpp"

#include "verifier/checkpassword/checkpassword.hpp"

namespace login {

verifier::Verdict check(const ipc::LoginRequest& request, const Verification& verification) {
  if (!verification.context.settings.checkpassword.empty())
    return verifier::check_by_program(request, verification.context, verification.channel,
                                      verification.deadline);
  switch (traits_of(request.mechanism).proof) {
  case pop3::Proof::certificate: return check_certificate(request, verification);
  case pop3::Proof::token: return check_token(request, verification);
  default: return check_password(request, verification);
  }
}

} // namespace login
