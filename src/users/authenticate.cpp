// SPDX-License-Identifier: ISC
#include "users/authenticate.hpp"

namespace users {

namespace {

std::string decoy_for(const UserStore& users, const CostPolicy& policy) {
  const auto is_usable = [&](std::string_view hash) { return !obstacle(hash, policy.ceiling); };
  const auto like_others = users.decoy(is_usable);
  return like_others ? *like_others : passwords::decoy(policy.usual);
}

Refusal refusal_for(passwords::HashProblem problem) {
  switch (problem) {
  case passwords::HashProblem::unknown_scheme: return Refusal::unknown_scheme;
  case passwords::HashProblem::weak_scheme: return Refusal::weak_scheme;
  case passwords::HashProblem::malformed: break;
  }
  return Refusal::malformed_hash;
}

struct RefusalTexts {
  std::string_view log_name, description;
};

RefusalTexts texts_of(Refusal refusal) {
  using enum Refusal;
  using passwords::HashProblem;
  switch (refusal) {
  case bad_name: return {"bad-name", description(line_problem::bad_name)};
  case unknown_user: return {"unknown-user", "no line of the users file is for this user"};
  case disabled: return {"disabled", "the user is disabled: the hash is empty, * or begins with !"};
  case unknown_scheme: return {"unknown-scheme", description(HashProblem::unknown_scheme)};
  case weak_scheme: return {"weak-scheme", description(HashProblem::weak_scheme)};
  case malformed_hash: return {"malformed-hash", description(HashProblem::malformed)};
  case hash_too_costly:
    return {"hash-too-costly",
            "the password hash costs more than hash-memory-limit or hash-operations-limit allow"};
  case wrong_password: return {"wrong-password", "the password is wrong"};
  }
  return {"unknown", "unknown refusal"};
}

} // namespace

CostPolicy policy_of(const config::HashSettings& settings) {
  return {{std::uint64_t{settings.hash_memory_limit} << 20, settings.hash_operations_limit}};
}

bool is_disabled(std::string_view hash) {
  return hash.empty() || hash == "*" || hash.starts_with('!');
}

std::string_view log_name(Refusal refusal) {
  return texts_of(refusal).log_name;
}

std::string_view description(Refusal refusal) {
  return texts_of(refusal).description;
}

std::optional<Refusal> obstacle(std::string_view hash, const passwords::Cost& ceiling) {
  if (is_disabled(hash))
    return Refusal::disabled;
  const auto cost = passwords::cost_of(hash);
  if (!cost)
    return refusal_for(cost.error());
  if (!passwords::within(*cost, ceiling))
    return Refusal::hash_too_costly;
  return {};
}

base::Result<User, Refusal> authenticate(const UserStore& users, std::string_view name,
                                         const base::Secret& password, const CostPolicy& policy,
                                         const OnBadLine& on_bad_line) {
  const bool valid = is_valid_name(name);
  auto user = valid ? users.find(name, on_bad_line) : std::nullopt;
  auto refusal = user    ? obstacle(user->hash, policy.ceiling)
                 : valid ? std::optional(Refusal::unknown_user)
                         : Refusal::bad_name;
  const auto stored = refusal ? decoy_for(users, policy) : user->hash;
  const bool fits = passwords::verify(stored, password);
  if (!refusal && (!fits || password.empty()))
    refusal = Refusal::wrong_password;
  if (refusal)
    return base::Refused{*refusal};
  return std::move(*user);
}

} // namespace users
