// SPDX-License-Identifier: ISC
#include "users/authenticate.hpp"

namespace users {

namespace {

std::string decoy_for(const UserStore& users, const passwords::Cost& ceiling) {
  const auto is_usable = [&](std::string_view hash) { return !obstacle(hash, ceiling); };
  const auto like_others = users.decoy(is_usable);
  return like_others ? *like_others : passwords::decoy(passwords::owasp_cost);
}

} // namespace

passwords::Cost ceiling_of(const config::HashSettings& settings) {
  return {std::uint64_t{settings.hash_memory_limit} << 20, settings.hash_operations_limit};
}

std::optional<base::Problem> obstacle(std::string_view hash, const passwords::Cost& ceiling) {
  if (is_disabled(hash))
    return login_problem::disabled;
  const auto cost = passwords::cost_of(hash);
  if (!cost)
    return cost.error();
  if (!passwords::within(*cost, ceiling))
    return login_problem::hash_too_costly;
  return {};
}

base::Result<User, base::Problem> authenticate(const UserStore& users, std::string_view name,
                                               const base::Secret& password,
                                               const passwords::Cost& ceiling,
                                               const OnBadLine& on_bad_line) {
  const bool valid = is_valid_name(name);
  auto user = valid ? users.find(name, on_bad_line) : std::nullopt;
  auto refusal = user    ? obstacle(user->hash, ceiling)
                 : valid ? std::optional(login_problem::unknown_user)
                         : login_problem::bad_name;
  const auto stored = refusal ? decoy_for(users, ceiling) : user->hash;
  const bool fits = passwords::verify(stored, password);
  if (!refusal && (!fits || password.empty()))
    refusal = login_problem::wrong_password;
  if (refusal)
    return base::Refused{*refusal};
  return std::move(*user);
}

} // namespace users
