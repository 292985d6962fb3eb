// SPDX-License-Identifier: ISC
#include "users/rights.hpp"

namespace users {

std::string_view log_name(RightsProblem problem) {
  return problem == RightsProblem::network ? "network" : "expired";
}

std::string_view description(RightsProblem problem) {
  return problem == RightsProblem::network ? "logins from that network are not allowed"
                                           : "its last day is over";
}

std::optional<RightsProblem> problem(const Rights& rights,
                                     const std::optional<base::Address>& client, std::int64_t now) {
  if (rights.networks && !rights.networks->contains(client))
    return RightsProblem::network;
  if (rights.expires && now >= *rights.expires)
    return RightsProblem::expired;
  return {};
}

} // namespace users
