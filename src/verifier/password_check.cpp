// SPDX-License-Identifier: ISC
#include "verifier/password_check.hpp"

#include "users/app_password.hpp"

namespace verifier {

namespace {

using Kind = Verdict::Kind;

} // namespace

PasswordAnswer::PasswordAnswer(const ipc::LoginRequest& request, const VerifierPlace& place)
    : inquiry_({request.name.data(), request.name_length}, place),
      password_({request.password.data(), request.password_length}),
      slots_(place.settings.runtime_directory + "/hash-slots", place.settings.hash_slots),
      policy_(users::policy_of(place.settings)), recent_(place.settings, place.log) {
  if (users::normalised_app_password(password_))
    uses_.emplace(place.settings.state_directory, place.log);
}

Verdict PasswordAnswer::answer(Clock::time_point deadline) {
  if (const auto obstacle = inquiry_.obstacle())
    return *obstacle;
  if (const auto verdict = try_app_password())
    return *verdict;
  if (const auto user = recall())
    return inquiry_.admit_by_password(*user);
  return verify(deadline);
}

/// What is no app password by its looks costs nothing here, and what is costs next to nothing.
std::optional<Verdict> PasswordAnswer::try_app_password() {
  if (!uses_)
    return {};
  const auto user = inquiry_.find();
  const auto* found = user ? users::find_app_password(*user, password_) : nullptr;
  if (found == nullptr || user->hash.starts_with('!'))
    return {};
  const auto verdict = inquiry_.admit(*user, found);
  if (verdict.kind == Kind::granted)
    uses_->note(user->name, *found);
  return verdict;
}

/// The user whom the cache vouches for. All that is asked after a hash is asked of them as well.
std::optional<users::User> PasswordAnswer::recall() {
  const auto& name = inquiry_.name();
  if (inquiry_.lacks_domain() || !recent_.may_know(name, password_))
    return {};
  auto user = inquiry_.users().find(name, {});
  const bool is_known = user && !users::obstacle(user->hash, policy_.ceiling) &&
                        recent_.knows(name, password_, user->hash);
  return is_known ? std::move(user) : std::nullopt;
}

Verdict PasswordAnswer::verify(Clock::time_point deadline) {
  const auto slot = slots_.acquire(deadline);
  if (!slot)
    return inquiry_.refusals().unavailable(Kind::temporary, "no-hash-slot");
  // A name without the domain that it needs is nobody's, and costs what any name costs.
  const bool lacks_domain = inquiry_.lacks_domain();
  const auto user = users::authenticate(inquiry_.users(), lacks_domain ? "" : inquiry_.name(),
                                        password_, policy_, inquiry_.log_bad_lines());
  if (!user)
    return refuse(user.error(), lacks_domain);
  auto verdict = inquiry_.admit_by_password(*user);
  if (verdict.kind == Kind::granted) {
    recent_.remember(inquiry_.name(), password_, user->hash);
    renew(verdict, *user);
  }
  return verdict;
}

Verdict PasswordAnswer::refuse(users::Refusal refusal, bool lacks_domain) const {
  if (lacks_domain)
    return inquiry_.refusals().refused("no-domain");
  const bool has_remedy = refusal == users::Refusal::weak_scheme;
  return inquiry_.refusals().refused(word(refusal), "", has_remedy ? sentence(refusal) : "");
}

/// While the hash slot is held, as the new hash takes what the old one took, or more.
void PasswordAnswer::renew(Verdict& granted, const users::User& user) const {
  if (!passwords::is_outdated(user.hash))
    return;
  const auto scheme = passwords::scheme_of(user.hash);
  inquiry_.place().log.write(
      base::Event("outdated-hash").with("scheme", scheme ? *scheme : "").with("user", user.name));
  if (!inquiry_.settings().rehash || !within(passwords::owasp_cost, policy_.ceiling))
    return;
  passwords::make(password_, passwords::owasp_cost)
      .copy(granted.new_hash.data(), granted.new_hash.size() - 1);
}

} // namespace verifier
