// SPDX-License-Identifier: ISC
#include "base/secret.hpp"
#include "base/time_of_day.hpp"
#include "login/access_check.hpp"
#include "login/hash_renewal.hpp"
#include "login/login_cache.hpp"
#include "login/login_check.hpp"
#include "state/usage_file.hpp"
#include "users/app_password.hpp"
#include "users/authenticate.hpp"
#include "verifier/hash_check.hpp"
#include "verifier/hash_slot.hpp"
#include "verifier/verifier_process.hpp"

#include <optional>
#include <string>
#include <system_error>

namespace login {

namespace {

using Kind = verifier::Verdict::Kind;

/// How often a password is checked in one attempt when the user's hash changes meanwhile.
constexpr unsigned most_rounds = 3;

class PasswordCheck {
 public:
  PasswordCheck(const ipc::LoginRequest& request, const Verification& verification);

  verifier::Verdict run();

 private:
  std::optional<verifier::Verdict> try_app_password();
  void note_use(const users::User& user, const users::AppPassword& password) const;
  std::optional<users::User> find_in_cache();
  /// A target, and what a verifier says of its hash.
  struct Checked {
    users::Target target;
    verifier::HashAnswer answer;
  };
  base::Result<Checked, verifier::Verdict> check_in_slot();
  bool wants_new_hash(const users::Target& target) const;
  verifier::Verdict conclude(users::Target target, const verifier::HashAnswer& answer);
  verifier::Verdict refuse(const base::Problem& refusal) const;

  const Verification& verification_;
  const config::Settings& settings_;
  AccessCheck access_;
  base::Secret password_;
  passwords::Cost ceiling_;
  LoginCache login_cache_;
};

PasswordCheck::PasswordCheck(const ipc::LoginRequest& request, const Verification& verification)
    : verification_(verification), settings_(verification.context.settings),
      access_({request.name.data(), request.name_length}, verification.context),
      password_({request.password.data(), request.password_length}),
      ceiling_(users::ceiling_of(settings_)), login_cache_(settings_, verification.context.log) {}

verifier::Verdict PasswordCheck::run() {
  if (const auto obstacle = access_.obstacle())
    return *obstacle;
  if (const auto verdict = try_app_password())
    return *verdict;
  if (const auto user = find_in_cache())
    return access_.admit_by_password(*user);
  auto checked = check_in_slot();
  return checked ? conclude(std::move(checked->target), checked->answer) : checked.error();
}

/// Costs nothing for a password that does not look like an app password, and very little for one
/// that does.
std::optional<verifier::Verdict> PasswordCheck::try_app_password() {
  if (!users::normalised_app_password(password_))
    return {};
  const auto user = access_.find();
  const auto* found = user ? users::find_app_password(*user, password_) : nullptr;
  if (found == nullptr || users::is_locked(user->hash))
    return {};
  const auto verdict = access_.admit(*user, found);
  if (verdict.kind == Kind::granted)
    note_use(*user, *found);
  return verdict;
}

/// A problem with the file never causes a refusal.
void PasswordCheck::note_use(const users::User& user, const users::AppPassword& password) const {
  std::string problem(state::UsageFile::refusal);
  try {
    if (auto file = state::UsageFile::open(settings_.state_directory))
      return file->note({user.name, password.label, password.salt}, base::seconds_since_1970());
  } catch (const std::system_error& error) {
    problem = error.what();
  }
  verification_.context.log.write(
      base::Event("app-password-use", base::Level::warning).with_quoted("problem", problem));
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
  if (!is_known)
    return {};
  access_.verdicts().know_user();
  return user;
}

/// Waits for the slot first, as that may take long, and then reads the users file. Checks once more
/// when the hash has changed during a check.
base::Result<PasswordCheck::Checked, verifier::Verdict> PasswordCheck::check_in_slot() {
  const auto slot = verifier::take_hash_slot(verification_, access_.verdicts());
  if (!slot)
    return base::Refused{slot.error()};
  access_.refresh();
  std::optional<verifier::HashAnswer> answer;
  std::string checked; // the hash that `answer` is about
  for (unsigned round = 0; round < most_rounds; ++round) {
    if (const auto obstacle = access_.obstacle())
      return base::Refused{*obstacle};
    auto target = access_.find_target(ceiling_);
    if (answer && target.hash == checked)
      return Checked{std::move(target), *answer};
    checked = target.hash;
    answer = verifier::check_hash(checked, password_, wants_new_hash(target), verification_.context,
                                  verification_.channel, verification_.deadline);
    if (!answer)
      return base::Refused{verifier::Verdict()};
    if (!access_.refresh())
      return Checked{std::move(target), *answer};
  }
  return base::Refused{access_.verdicts().unavailable(Kind::temporary, "users-file-changing")};
}

bool PasswordCheck::wants_new_hash(const users::Target& target) const {
  return settings_.rehash && !target.refusal && passwords::is_outdated(target.hash) &&
         !passwords::is_cut(target.hash, password_) && within(passwords::owasp_cost, ceiling_) &&
         can_renew(settings_.users);
}

verifier::Verdict PasswordCheck::conclude(users::Target target,
                                          const verifier::HashAnswer& answer) {
  auto user = users::judge(std::move(target), answer.fits != 0 && !password_.empty());
  if (!user)
    return refuse(user.error());
  auto verdict = access_.admit_by_password(*user);
  if (verdict.kind != Kind::granted)
    return verdict;
  const auto& log = verification_.context.log;
  if (passwords::is_outdated(user->hash)) {
    const auto scheme = passwords::scheme_of(user->hash);
    log.write(base::Event("outdated-hash")
                  .with("scheme", scheme ? *scheme : "")
                  .with("user", user->name));
  }
  const std::string new_hash(verifier::text_of(answer.new_hash));
  if (!new_hash.empty() && renew_hash(*user, new_hash, settings_, log)) {
    user->hash = new_hash;
    verdict.index_key = access_.index_key(*user);
  }
  login_cache_.remember(access_.name(), password_, user->hash);
  return verdict;
}

verifier::Verdict PasswordCheck::refuse(const base::Problem& refusal) const {
  if (access_.lacks_domain() || refusal == users::login_problem::unknown_user)
    return access_.refuse_unknown();
  const bool has_remedy = refusal == users::login_problem::weak_scheme;
  return access_.verdicts().refused(log_name(refusal), "", has_remedy ? description(refusal) : "");
}

} // namespace

verifier::Verdict check_password(const ipc::LoginRequest& request,
                                 const Verification& verification) {
  return PasswordCheck(request, verification).run();
}

} // namespace login
