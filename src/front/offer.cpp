// SPDX-License-Identifier: ISC
#include "front/offer.hpp"

namespace front {

namespace {

/// Where every password is refused, nobody loses by a mechanism that some users have no verifier
/// for; elsewhere a client that prefers it would not fall back.
bool offers_scram(const config::Settings& settings, bool is_protected) {
  using Scram = config::Settings::Scram;
  return settings.scram == Scram::always || (settings.scram == Scram::unprotected && !is_protected);
}

} // namespace

void offer(pop3::Site& site, const config::Settings& settings, Offer offer) {
  const bool has_users = settings.checkpassword.empty();
  site.is_protected = offer.is_protected;
  site.scram = has_users && offers_scram(settings, offer.is_protected);
  site.oauth = has_users && offer.is_protected && !settings.oauth_keys.empty();
  site.external = has_users && offer.is_protected && offer.has_certificate &&
                  settings.external != config::Settings::External::off;
  site.requires_domain = settings.require_domain && settings.default_domain.empty();
}

} // namespace front
