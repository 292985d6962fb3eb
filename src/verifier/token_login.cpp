// SPDX-License-Identifier: ISC
#include "base/trusted_file.hpp"
#include "tokens/key_set.hpp"
#include "verifier/access_check.hpp"
#include "verifier/token_check.hpp"
#include "verifier/verification.hpp"
#include "verifier/verifier_process.hpp"

namespace verifier {

namespace {

using Kind = Verdict::Kind;

/// The verdict on a token that the verifier has refused.
Verdict refuse(const TokenAnswer& answer, const VerdictLog& verdicts) {
  if (answer.is_key_problem)
    return verdicts.unavailable(Kind::permanent, "oauth-keys-refused", text_of(answer.refusal));
  return verdicts.refused(text_of(answer.refusal));
}

} // namespace

Verdict check_token(const ipc::LoginRequest& request, const Verification& verification) {
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
  if (text_of(answer->user).empty())
    return refuse(*answer, access.verdicts());
  access.refresh();
  access.set_name(text_of(answer->user));
  if (!access.is_also(said))
    return access.verdicts().refused("other-name-than-token");
  return access.admit_without_password();
}

} // namespace verifier
