// SPDX-License-Identifier: ISC
#include "users/authenticate.hpp"

namespace users {

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

Target find_target(const UserStore& users, std::string_view name, const passwords::Cost& ceiling,
                   const OnBadLine& on_bad_line) {
  const bool valid = is_valid_name(name);
  auto found = users.find_with_decoy(
      valid ? name : "", [&](std::string_view hash) { return !obstacle(hash, ceiling); },
      on_bad_line);
  Target target{std::move(found.user), {}, {}};
  target.refusal = target.user ? obstacle(target.user->hash, ceiling)
                   : valid     ? std::optional(login_problem::unknown_user)
                               : login_problem::bad_name;
  const auto decoy = found.decoy ? *found.decoy : passwords::decoy(passwords::owasp_cost);
  target.hash = target.refusal ? decoy : target.user->hash;
  return target;
}

base::Result<User, base::Problem> judge(Target target, bool fits) {
  if (target.refusal)
    return base::Refused{*target.refusal};
  if (!fits)
    return base::Refused{login_problem::wrong_password};
  return std::move(*target.user);
}

base::Result<User, base::Problem> authenticate(const UserStore& users, std::string_view name,
                                               const base::Secret& password,
                                               const passwords::Cost& ceiling,
                                               const OnBadLine& on_bad_line) {
  auto target = find_target(users, name, ceiling, on_bad_line);
  const bool fits = passwords::verify(target.hash, password);
  return judge(std::move(target), fits && !password.empty());
}

} // namespace users
