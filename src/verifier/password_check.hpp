// SPDX-License-Identifier: ISC
// Checks a password against the user's app passwords, the cache of logins and the hash, in this
// order, the cheapest first. Runs in the verifier.
#pragma once

#include "base/secret.hpp"
#include "state/hash_slots.hpp"
#include "users/authenticate.hpp"
#include "verifier/access_check.hpp"
#include "verifier/app_password_usage.hpp"
#include "verifier/login_cache.hpp"
#include "verifier/verification.hpp"

#include <optional>

namespace verifier {

class PasswordCheck : public Verification {
 public:
  PasswordCheck(const ipc::LoginRequest& request, const VerifierContext& context);

  Verdict run(Clock::time_point deadline) override;

 private:
  std::optional<Verdict> try_app_password();
  std::optional<users::User> find_in_cache();
  Verdict verify(Clock::time_point deadline);
  Verdict refuse(users::Refusal refusal, bool lacks_domain) const;
  void renew(Verdict& granted, const users::User& user) const;

  AccessCheck access_;
  base::Secret password_;
  state::HashSlots slots_;
  users::CostPolicy policy_;
  LoginCache login_cache_;
  std::optional<AppPasswordUsage> app_password_usage_; // if the password looks like one
};

} // namespace verifier
