// SPDX-License-Identifier: ISC
// Argon2id (RFC 9106) through libsodium, the scheme of new hashes.
#pragma once

#include "base/secret.hpp"
#include "passwords/hash_cost.hpp"

#include <string>

namespace passwords {

/// The bounds of the costs for `make_argon2id`: those of libsodium's crypto_pwhash_str, memory
/// below 4 TiB.
inline constexpr Cost least_cost{8192, 1};
inline constexpr Cost greatest_cost{4'398'046'510'080, 4'294'967'295};

/// `$argon2id$...` with a fresh salt; memory in whole KiB, rounded down. `cost` must be from
/// least_cost to greatest_cost. Throws std::system_error (ENOMEM).
std::string make_argon2id(const base::Secret& password, const Cost& cost);

/// A hash like that of make_argon2id, but of no password: salt and output are zero.
std::string decoy_argon2id(const Cost& cost);

} // namespace passwords
