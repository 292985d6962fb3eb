// SPDX-License-Identifier: ISC
#include "users/decoy_costs.hpp"

#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"

#include <algorithm>

namespace users {

std::uint32_t scram_iterations_of(const User& user) {
  const std::string_view field = user.scram;
  const auto verifier = passwords::parse_scram(field.substr(0, field.find(';')));
  if (verifier)
    return verifier->iterations;
  const auto scheme = passwords::scheme_of(user.hash);
  const auto hash =
      scheme && *scheme == "SCRAM-SHA-256" ? passwords::parse_scram(user.hash) : std::nullopt;
  return hash ? hash->iterations : 0;
}

void DecoyCosts::consider(const User& user) {
  if (scram_iterations == 0)
    scram_iterations = scram_iterations_of(user);
  const auto scheme = passwords::scheme_of(user.hash);
  const auto cost = passwords::cost_of(user.hash);
  if (!scheme || !cost || kinds_.size() == max_decoys)
    return;
  const std::pair kind(*scheme, *cost);
  if (std::ranges::find(kinds_, kind) != kinds_.end())
    return;
  kinds_.push_back(kind);
  decoys.push_back(passwords::decoy_like(user.hash));
}

} // namespace users
