// SPDX-License-Identifier: ISC
#include "base/trusted_file.hpp"
#include "tokens/token.hpp"
#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

namespace verifier {

Verdict check_token(const ipc::LoginRequest& request, const Verification& verification) {
  const std::string_view said(request.name.data(), request.name_length);
  AccessCheck access(said, verification.context);
  const auto file = base::open_trusted(access.settings().oauth_keys);
  verification.confine();
  if (const auto obstacle = access.obstacle())
    return *obstacle;
  if (!file)
    return access.verdicts().unavailable(Verdict::Kind::permanent, "oauth-keys-refused",
                                         description(file.error()));
  const auto keys = tokens::KeySet::parse(tokens::read_document(file->fd.get()));
  if (!keys)
    return access.verdicts().unavailable(Verdict::Kind::permanent, "oauth-keys-refused",
                                         keys.error());
  const auto claims = tokens::check_token({request.password.data(), request.password_length}, *keys,
                                          access.settings(), now());
  if (!claims)
    return access.verdicts().refused(claims.error());
  access.set_name(claims->user);
  if (!access.is_also(said))
    return access.verdicts().refused("other-name-than-token");
  return access.admit_without_password();
}

} // namespace verifier
