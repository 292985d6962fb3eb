// SPDX-License-Identifier: ISC
// What the passwords of a site cost, so that a login of a name that nobody has can cost the same.
#pragma once

#include "passwords/hash_cost.hpp"
#include "users/user.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace users {

/// The iterations of the user's SCRAM verifier, be it sodapop_scram or the hash; 0 without one.
std::uint32_t scram_iterations_of(const User& user);

/// What is kept of all users, in a size that does not depend on their number.
struct DecoyCosts {
  /// Of the hashes that differ in scheme or cost, in the order of their first user: more than a
  /// site changes its mind.
  static constexpr std::size_t max_decoys = 16;
  /// Verify like the hashes that they stand for, and no password fits.
  std::vector<std::string> decoys;
  std::uint32_t scram_iterations = 0; ///< The first user's who has a verifier; 0: nobody has.

  void consider(const User& user);

 private:
  struct Kind {
    std::string_view scheme;
    passwords::Cost cost;
    bool operator==(const Kind&) const = default;
  };
  std::vector<Kind> kinds_;
};

} // namespace users
