// SPDX-License-Identifier: ISC
// What a password scheme is to the one room that knows them all, password_hash.
#pragma once

#include "passwords/hash_cost.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace passwords {

/// `hash` is what stands behind {SCHEME}.
struct Scheme {
  std::string_view name;   ///< In capitals. Several entries may share it.
  std::string_view prefix; ///< Of each hash. Empty: {SCHEME} has to be written.
  /// Strict: nothing, unless the hash is one that `verify` can compute.
  std::optional<Cost> (*cost_of)(std::string_view hash);
  /// Call it with what cost_of has a cost for only. Throws std::system_error (ENOMEM).
  bool (*verify)(const std::string& hash, std::string_view password);
};

} // namespace passwords
