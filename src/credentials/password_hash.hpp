// SPDX-License-Identifier: ISC
// Stored password hashes, `{SCHEME}hash` as Dovecot writes them: what one costs, whether a password
// fits it, and how to make one. Schemes: ARGON2ID and ARGON2I (RFC 9106), in capitals or not; a
// hash that starts with $argon2id$ or $argon2i$ needs no {SCHEME}. libsodium wakes at the first
// use.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace credentials {

/// What one verification takes.
struct Cost {
  std::uint64_t memory = 0; ///< Octets.
  std::uint64_t operations = 0;

  bool operator==(const Cost&) const = default;
};

/// OWASP Password Storage Cheat Sheet (2023 and later), Argon2id: 19 MiB, two passes, one lane.
inline constexpr Cost owasp_cost{std::uint64_t{19} << 20, 2};

/// The bounds within which `make` works: those of libsodium's crypto_pwhash_str, memory below 4
/// GiB.
inline constexpr Cost least_cost{8192, 1};
inline constexpr Cost greatest_cost{4'398'046'510'080, 4'294'967'295};

/// A cost with a name: owasp, and libsodium's interactive, moderate and sensitive.
struct Preset {
  std::string_view name;
  Cost cost;
};
std::span<const Preset> presets();

/// Neither memory nor operations above those of `ceiling`.
constexpr bool within(const Cost& cost, const Cost& ceiling) {
  return cost.memory <= ceiling.memory && cost.operations <= ceiling.operations;
}

enum class HashProblem {
  unknown_scheme, ///< None of ours, or no {SCHEME} and no prefix that tells it.
  malformed,      ///< Not exactly what the scheme's encoding allows.
};

std::string_view sentence(HashProblem problem);

/// The scheme in capitals, such as ARGON2ID.
base::Result<std::string_view, HashProblem> scheme_of(std::string_view stored);

/// Strict: decimal numbers without padding or sign, version 19, at least 8 KiB a lane, salts of 8
/// and hashes of 16 octets or more, unpadded base64, no more than 512 octets in all. Any number of
/// lanes: libsodium computes them one after the other.
base::Result<Cost, HashProblem> cost_of(std::string_view stored);

/// Wakes libsodium, as the first verification does otherwise: it asks the processor what it can,
/// which a virtual machine makes slow, so that who forks for each password asks before. Throws
/// std::system_error.
void prepare_to_verify();

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

} // namespace credentials
