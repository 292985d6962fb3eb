// SPDX-License-Identifier: ISC
#include "verifier/token_check.hpp"

#include "base/system_error.hpp"
#include "tokens/keys_file.hpp"
#include "verifier/access_check.hpp"

#include <ctime>

namespace verifier {

namespace {

class TokenCheck : public Verification {
 public:
  TokenCheck(const ipc::TokenRequest& request, const VerifierContext& context);

  Verdict run(Clock::time_point deadline) override;

 private:
  Verdict admit(const tokens::Claims& claims);

  const ipc::TokenRequest& request_;
  AccessCheck access_;
  base::Result<tokens::KeysFile, base::FileProblem> keys_;
};

TokenCheck::TokenCheck(const ipc::TokenRequest& request, const VerifierContext& context)
    : request_(request), access_({request.name.data(), request.name_length}, context),
      keys_(tokens::KeysFile::open(context.settings.oauth_keys)) {}

Verdict TokenCheck::run(Clock::time_point) {
  if (const auto obstacle = access_.obstacle())
    return *obstacle;
  if (!keys_)
    return access_.verdicts().unavailable(Verdict::Kind::permanent, "oauth-keys-refused",
                                          description(keys_.error()));
  const auto keys = keys_->read();
  if (!keys)
    return access_.verdicts().unavailable(Verdict::Kind::permanent, "oauth-keys-refused",
                                          description(keys.error()));
  timespec now{};
  base::check(clock_gettime(CLOCK_REALTIME, &now), "clock_gettime");
  const auto claims = tokens::check_token({request_.token.data(), request_.token_length}, *keys,
                                          tokens::token_policy(access_.settings()), now.tv_sec);
  if (!claims)
    return access_.verdicts().refused(log_name(claims.error()));
  return admit(*claims);
}

Verdict TokenCheck::admit(const tokens::Claims& claims) {
  const std::string_view said(request_.name.data(), request_.name_length);
  access_.set_name(claims.user);
  if (!access_.is_also(said))
    return access_.verdicts().refused("other-name-than-token");
  return access_.admit_without_password();
}

} // namespace

std::unique_ptr<Verification> make_token_check(const ipc::TokenRequest& request,
                                               const VerifierContext& context) {
  return std::make_unique<TokenCheck>(request, context);
}

} // namespace verifier
