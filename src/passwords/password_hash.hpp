// SPDX-License-Identifier: ISC
// Stored password hashes, `{SCHEME}hash` as Dovecot writes them: what one costs, whether a password
// fits it, and how to make one. The schemes are those of the rooms argon2, crypt_scheme,
// scrypt_scheme and scram_verifier, in capitals or not. {SCHEME} may be {CRYPT} or left out where
// the hash has a prefix that tells. libsodium wakes at the first use.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "passwords/argon2.hpp"
#include "passwords/hash_cost.hpp"

#include <span>
#include <string>
#include <string_view>

namespace passwords {

/// A cost with a name: owasp, and libsodium's interactive, moderate and sensitive.
struct Preset {
  std::string_view name;
  Cost cost;
};
std::span<const Preset> presets();

enum class HashProblem {
  unknown_scheme, ///< None of ours, one with an encoding (`.B64`), or nothing that tells it.
  weak_scheme,    ///< One of the room weak_schemes.
  malformed,      ///< Not exactly what the scheme's encoding allows.
};

std::string_view description(HashProblem problem);

/// The scheme in capitals, such as ARGON2ID, whose name {CRYPT} does not tell. Refuses
/// unknown_scheme and weak_scheme.
base::Result<std::string_view, HashProblem> scheme_of(std::string_view stored);

/// As strict as each scheme's room says.
base::Result<Cost, HashProblem> cost_of(std::string_view stored);

/// Wakes libsodium, as the first verification does otherwise: it asks the processor what it can,
/// which a virtual machine makes slow, so that who forks for each password asks before. Throws
/// std::system_error.
void initialise_libsodium();

/// False also for what cost_of refuses. Costs what cost_of says: ask it first. Throws
/// std::system_error (ENOMEM) when the memory cannot be had, as that says nothing about the
/// password.
bool verify(std::string_view stored, const base::Secret& password);

/// `{ARGON2ID}$argon2id$...` with a fresh salt; memory in whole KiB, rounded down. `cost` must be
/// from least_cost to greatest_cost. Throws std::system_error (ENOMEM).
std::string make(const base::Secret& password, const Cost& cost);

/// A well-formed hash that nobody knows a password for and that takes as long to verify as any of
/// that cost: what is verified for a name that does not exist. `cost` as in make.
std::string decoy(const Cost& cost);

/// The same for the scheme and all parameters of `stored`, which cost_of has a cost for.
std::string decoy_like(std::string_view stored);

/// Whether a hash that `make` gives for `wanted` would be better: this one is no Argon2id, has less
/// memory or fewer passes, or is refused by cost_of.
bool is_outdated(std::string_view stored, const Cost& wanted = owasp_cost);

} // namespace passwords
