// SPDX-License-Identifier: ISC
// Is this name's password right? Asked are the user's app passwords, the cache of logins and the
// hash, in this order, which is that of what they cost. Runs in the verifier.
#pragma once

#include "base/secret.hpp"
#include "credentials/authenticate.hpp"
#include "credentials/hash_slots.hpp"
#include "privsep/answerer.hpp"
#include "privsep/inquiry.hpp"
#include "privsep/password_uses.hpp"
#include "privsep/recent_logins.hpp"

#include <optional>

namespace privsep {

class PasswordAnswer : public Answerer {
 public:
  PasswordAnswer(const LoginRequest& request, const VerifierPlace& place);

  Verdict answer(Clock::time_point deadline) override;

 private:
  std::optional<Verdict> try_app_password();
  std::optional<credentials::User> recall();
  Verdict verify(Clock::time_point deadline);
  Verdict refuse(credentials::Refusal refusal, bool lacks_domain) const;
  void renew(Verdict& granted, const credentials::User& user) const;

  Inquiry inquiry_;
  base::Secret password_;
  credentials::HashSlots slots_;
  credentials::CostPolicy policy_;
  RecentLogins recent_;
  std::optional<PasswordUses> uses_; // where it looks like an app password
};

} // namespace privsep
