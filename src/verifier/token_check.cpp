// SPDX-License-Identifier: ISC
#include "verifier/token_check.hpp"

#include "base/system_error.hpp"

#include <ctime>

namespace verifier {

TokenAnswer::TokenAnswer(const ipc::TokenRequest& request, const VerifierPlace& place)
    : request_(request), inquiry_({request.name.data(), request.name_length}, place),
      keys_(tokens::KeysFile::open(place.settings.oauth_keys)) {}

Verdict TokenAnswer::answer(Clock::time_point) {
  if (const auto obstacle = inquiry_.obstacle())
    return *obstacle;
  if (!keys_)
    return inquiry_.refusals().unavailable(Verdict::Kind::permanent, "oauth-keys-refused",
                                           sentence(keys_.error()));
  const auto keys = keys_->read();
  if (!keys)
    return inquiry_.refusals().unavailable(Verdict::Kind::permanent, "oauth-keys-refused",
                                           sentence(keys.error()));
  timespec now{};
  base::check(clock_gettime(CLOCK_REALTIME, &now), "clock_gettime");
  const auto claims = tokens::check_token({request_.token.data(), request_.token_length}, *keys,
                                          tokens::token_policy(inquiry_.settings()), now.tv_sec);
  if (!claims)
    return inquiry_.refusals().refused(word(claims.error()));
  return admit(*claims);
}

Verdict TokenAnswer::admit(const tokens::Claims& claims) {
  const std::string_view said(request_.name.data(), request_.name_length);
  inquiry_.set_name(claims.user);
  if (!inquiry_.is_also(said))
    return inquiry_.refusals().refused("other-name-than-token");
  return inquiry_.admit_without_password();
}

} // namespace verifier
