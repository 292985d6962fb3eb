// SPDX-License-Identifier: ISC
#include "pop3/session_profile.hpp"

namespace pop3 {

bool is_known(Mechanism mechanism, const SessionProfile& profile) {
  const auto& site = profile.site;
  switch (traits_of(mechanism).proof) {
  case Proof::password: return true;
  case Proof::certificate: return site.certificates && profile.has_certificate;
  case Proof::token: return site.tokens;
  case Proof::scram:
    return profile.is_protected ? site.scram_on_protected : site.scram_on_unprotected;
  }
  return false;
}

bool is_possible(Mechanism mechanism, const SessionProfile& profile) {
  return is_known(mechanism, profile) &&
         (profile.is_protected || !traits_of(mechanism).sends_secret);
}

} // namespace pop3
