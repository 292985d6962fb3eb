// SPDX-License-Identifier: ISC
#include "base/secret.hpp"
#include "state/slots.hpp"
#include "state/usage_file.hpp"
#include "users/app_password.hpp"
#include "users/authenticate.hpp"
#include "verifier/access_check.hpp"
#include "verifier/login_cache.hpp"
#include "verifier/verification.hpp"

#include <ctime>
#include <optional>
#include <string>
#include <system_error>

namespace verifier {

namespace {

using Kind = Verdict::Kind;
using Clock = std::chrono::steady_clock;

class PasswordCheck {
 public:
  PasswordCheck(const ipc::LoginRequest& request, const VerifierContext& context);

  Verdict run(Clock::time_point deadline);

 private:
  void open_usage_file();
  std::optional<Verdict> try_app_password();
  void note_use(const users::User& user, const users::AppPassword& password);
  std::optional<users::User> find_in_cache();
  Verdict verify(Clock::time_point deadline);
  Verdict refuse(const base::Problem& refusal, bool lacks_domain) const;
  void renew(Verdict& granted, const users::User& user) const;

  AccessCheck access_;
  base::Secret password_;
  state::HashSlots slots_;
  passwords::Cost ceiling_;
  LoginCache login_cache_;
  bool may_be_app_password_;
  std::optional<state::UsageFile> usage_file_; // if the password may be one
  std::string usage_problem_;
};

PasswordCheck::PasswordCheck(const ipc::LoginRequest& request, const VerifierContext& context)
    : access_({request.name.data(), request.name_length}, context),
      password_({request.password.data(), request.password_length}),
      slots_(context.settings.runtime_directory + "/hash-slots", context.settings.hash_slots),
      ceiling_(users::ceiling_of(context.settings)), login_cache_(context.settings, context.log),
      may_be_app_password_(users::normalised_app_password(password_)) {
  if (may_be_app_password_)
    open_usage_file();
}

/// A problem with the file is logged only when a use cannot be recorded, so that a site without app
/// passwords does not see it.
void PasswordCheck::open_usage_file() {
  try {
    usage_file_ = state::UsageFile::open(access_.settings().state_directory);
    if (!usage_file_)
      usage_problem_ = state::UsageFile::refusal;
  } catch (const std::system_error& error) {
    usage_problem_ = error.what();
  }
}

Verdict PasswordCheck::run(Clock::time_point deadline) {
  if (const auto obstacle = access_.obstacle())
    return *obstacle;
  if (const auto verdict = try_app_password())
    return *verdict;
  if (const auto user = find_in_cache())
    return access_.admit_by_password(*user);
  return verify(deadline);
}

/// Costs nothing for a password that does not look like an app password, and very little for one
/// that does.
std::optional<Verdict> PasswordCheck::try_app_password() {
  if (!may_be_app_password_)
    return {};
  const auto user = access_.find();
  const auto* found = user ? users::find_app_password(*user, password_) : nullptr;
  if (found == nullptr || user->hash.starts_with('!'))
    return {};
  const auto verdict = access_.admit(*user, found);
  if (verdict.kind == Kind::granted)
    note_use(*user, *found);
  return verdict;
}

/// A problem with the file never causes a refusal.
void PasswordCheck::note_use(const users::User& user, const users::AppPassword& password) {
  try {
    if (usage_file_)
      return usage_file_->note({user.name, password.label, password.salt}, std::time(nullptr));
  } catch (const std::system_error& error) {
    usage_problem_ = error.what();
  }
  access_.context().log.write(
      base::Event("app-password-use", base::Level::warning).with_quoted("problem", usage_problem_));
}

/// The user, if the cache has this login. The caller must make the checks that follow a verified
/// hash for this user as well.
std::optional<users::User> PasswordCheck::find_in_cache() {
  const auto& name = access_.name();
  if (access_.lacks_domain() || !login_cache_.knows(name, password_, {}))
    return {};
  auto user = access_.users().find(name, {});
  const bool is_known = user && !users::obstacle(user->hash, ceiling_) &&
                        login_cache_.knows(name, password_, user->hash);
  return is_known ? std::move(user) : std::nullopt;
}

Verdict PasswordCheck::verify(Clock::time_point deadline) {
  const auto slot = slots_.acquire(deadline);
  if (!slot)
    return access_.verdicts().unavailable(Kind::temporary, "no-hash-slot");
  // A name without the required domain has no user, but takes as much time as any other name.
  const bool lacks_domain = access_.lacks_domain();
  const auto user = users::authenticate(access_.users(), lacks_domain ? "" : access_.name(),
                                        password_, ceiling_, access_.log_bad_lines());
  if (!user)
    return refuse(user.error(), lacks_domain);
  auto verdict = access_.admit_by_password(*user);
  if (verdict.kind == Kind::granted) {
    login_cache_.remember(access_.name(), password_, user->hash);
    renew(verdict, *user);
  }
  return verdict;
}

Verdict PasswordCheck::refuse(const base::Problem& refusal, bool lacks_domain) const {
  if (lacks_domain)
    return access_.verdicts().refused("no-domain");
  const bool has_remedy = refusal == users::login_problem::weak_scheme;
  return access_.verdicts().refused(log_name(refusal), "", has_remedy ? description(refusal) : "");
}

/// Called while the hash slot is held, as the new hash costs as much as the old one, or more.
void PasswordCheck::renew(Verdict& granted, const users::User& user) const {
  if (!passwords::is_outdated(user.hash))
    return;
  const auto scheme = passwords::scheme_of(user.hash);
  access_.context().log.write(
      base::Event("outdated-hash").with("scheme", scheme ? *scheme : "").with("user", user.name));
  if (!access_.settings().rehash || !within(passwords::owasp_cost, ceiling_))
    return;
  put(granted.new_hash, passwords::make(password_, passwords::owasp_cost));
}

} // namespace

Verdict check_password(const ipc::LoginRequest& request, const Verification& verification) {
  PasswordCheck password(request, verification.context);
  verification.confine();
  return password.run(verification.deadline);
}

} // namespace verifier
