// SPDX-License-Identifier: ISC
#include "front/offer.hpp"

namespace front {

namespace {

/// An unprotected connection refuses every password, so that SCRAM is no loss for users without a
/// SCRAM verifier. On a protected one, a client that prefers SCRAM would not fall back to a
/// password.
bool offers_scram(const config::Settings& settings, bool is_protected) {
  using Scram = config::Settings::Scram;
  return settings.scram == Scram::always || (settings.scram == Scram::unprotected && !is_protected);
}

} // namespace

void offer(pop3::SessionProfile& profile, const config::Settings& settings, ClientSecurity client) {
  const bool has_users = settings.checkpassword.empty();
  profile.is_protected = client.is_protected;
  profile.scram = has_users && offers_scram(settings, client.is_protected);
  profile.oauth = has_users && client.is_protected && !settings.oauth_keys.empty();
  profile.external = has_users && client.is_protected && client.has_certificate &&
                     settings.external != config::Settings::External::off;
  profile.requires_domain = settings.require_domain && settings.default_domain.empty();
}

} // namespace front
