// SPDX-License-Identifier: ISC
#include "login/login_check.hpp"

#include "login/access_check.hpp"
#include "users/login_name.hpp"
#include "verifier/checkpassword/checkpassword.hpp"

namespace login {

verifier::Verdict check(const ipc::LoginRequest& request, const Verification& verification) {
  if (!verification.context.settings.checkpassword.empty())
    return verifier::check_by_program(request, verification);
  switch (traits_of(request.mechanism).proof) {
  case pop3::Proof::certificate: return check_certificate(request, verification);
  case pop3::Proof::token: return check_token(request, verification);
  default: return check_password(request, verification);
  }
}

verifier::Verdict refuse_unchecked(std::string_view name, const verifier::VerifierContext& context,
                                   std::string_view reason, std::string_view problem) {
  const auto& settings = context.settings;
  if (!settings.checkpassword.empty())
    return verifier::VerdictLog(context.log, settings, users::login_name(name, settings))
        .refused(reason, "", problem);
  const AccessCheck access(name, context);
  if (!name.empty() && !access.obstacle())
    (void)access.find(); // the name of a user is logged in clear
  return access.verdicts().refused(reason, "", problem);
}

} // namespace login
