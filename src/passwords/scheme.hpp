// SPDX-License-Identifier: ISC
// The interface of a password scheme, through which password_hash uses all schemes.
#pragma once

#include "passwords/hash_cost.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace passwords {

/// A hash is the text after {SCHEME}.
struct Scheme {
  std::string_view name;   ///< In capitals. Several entries may share it.
  std::string_view prefix; ///< Of each hash. Empty: {SCHEME} is required.
  /// Takes the hash without its prefix. Strict: nothing, unless `verify` can compute the hash.
  std::optional<Cost> (*cost_of)(std::string_view rest);
  /// Only for a hash that cost_of accepts. Throws std::system_error (ENOMEM).
  bool (*verify)(const std::string& hash, std::string_view password);
};

} // namespace passwords
