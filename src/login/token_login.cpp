// SPDX-License-Identifier: ISC
#include "base/trusted_file.hpp"
#include "login/access_check.hpp"
#include "login/login_check.hpp"
#include "tokens/key_set.hpp"
#include "verifier/token_check.hpp"
#include "verifier/verifier_process.hpp"

namespace login {

namespace {

using Kind = verifier::Verdict::Kind;

/// The verdict on a token that the verifier has refused.
verifier::Verdict refuse(const verifier::TokenAnswer& answer,
                         const verifier::VerdictLog& verdicts) {
  if (answer.is_key_problem)
    return verdicts.unavailable(Kind::permanent, "oauth-keys-refused",
                                verifier::text_of(answer.refusal));
  return verdicts.refused(verifier::text_of(answer.refusal));
}

} // namespace

verifier::Verdict check_token(const ipc::LoginRequest& request, const Verification& verification) {
  const auto& context = verification.context;
  const std::string_view said(request.name.data(), request.name_length);
  AccessCheck access(said, context);
  if (const auto obstacle = access.obstacle())
    return *obstacle;
  const auto file = base::open_trusted(context.settings.oauth_keys);
  if (!file)
    return access.verdicts().unavailable(Kind::permanent, "oauth-keys-refused",
                                         description(file.error()));
  const auto answer = check_token({request.password.data(), request.password_length},
                                  tokens::read_document(file->fd.get()), context,
                                  verification.channel, verification.deadline);
  if (!answer)
    return {};
  if (verifier::text_of(answer->user).empty())
    return refuse(*answer, access.verdicts());
  access.refresh();
  if (const auto obstacle = access.obstacle())
    return *obstacle;
  access.set_name(verifier::text_of(answer->user));
  if (!access.is_also(said))
    return access.verdicts().refused("other-name-than-token");
  return access.admit_without_password();
}

} // namespace login
