// SPDX-License-Identifier: ISC
// Argon2id (RFC 9106) through libsodium, the scheme of new hashes.
#pragma once

#include "base/secret.hpp"
#include "passwords/hash_cost.hpp"

#include <string>

namespace passwords {

/// The bounds of the costs for `make`: those of libsodium's crypto_pwhash_str, memory below 4 TiB.
inline constexpr Cost least_cost{8192, 1};
inline constexpr Cost greatest_cost{4'398'046'510'080, 4'294'967'295};

/// Initialises libsodium, as the first verification does otherwise. libsodium reads the features of
/// the processor, which is slow in a virtual machine: a process that forks for each password calls
/// this before it forks. Throws std::system_error.
void initialise_libsodium();

/// `{ARGON2ID}$argon2id$...` with a fresh salt; memory in whole KiB, rounded down. `cost` must be
/// from least_cost to greatest_cost. Throws std::system_error (ENOMEM).
std::string make(const base::Secret& password, const Cost& cost);

/// A well-formed hash that has no known password and takes as long to verify as any of that cost.
/// It is verified for a name that does not exist. `cost` as in make.
std::string decoy(const Cost& cost);

} // namespace passwords
