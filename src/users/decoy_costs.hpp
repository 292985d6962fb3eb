// SPDX-License-Identifier: ISC
// The costs of a site's passwords, so that a login with an unknown name can cost the same.
#pragma once

#include "passwords/hash_cost.hpp"
#include "users/user.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace users {

/// The iterations of the user's SCRAM verifier, from sodapop_scram or from the hash; 0 without one.
std::uint32_t scram_iterations_of(const User& user);

/// A summary of all users, in a size that does not depend on their number.
struct DecoyCosts {
  /// Most decoys. There is one for each scheme and cost, in the order of the first user with it; a
  /// site hardly has as many.
  static constexpr std::size_t max_decoys = 16;
  /// Hashes that no password fits and that cost as much to verify as the hashes that they stand
  /// for.
  std::vector<std::string> decoys;
  std::uint32_t scram_iterations = 0; ///< Of the first user with a verifier; 0: no user has one.

  void consider(const User& user);

 private:
  std::vector<std::pair<std::string_view, passwords::Cost>> kinds_; ///< Scheme and cost of each.
};

} // namespace users
