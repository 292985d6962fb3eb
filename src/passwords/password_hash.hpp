// SPDX-License-Identifier: ISC
// Stored password hashes, `{SCHEME}hash` as Dovecot writes them: their cost and their verification.
// The making of new ones is in argon2.hpp. The schemes are those of scheme.hpp, in capitals or not.
// {SCHEME} may be {CRYPT}, or left out, when the prefix of the hash names the scheme. libsodium is
// initialised at the first use.
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

/// Why a hash is of no use.
namespace hash_problem {
/// Not supported, with an encoding (`.B64`), or not named at all.
inline constexpr base::Problem unknown_scheme{
    "the password scheme, or an encoding after its name, is none of those in sodapop-users(5)",
    "unknown-scheme"};
/// Its stolen hashes are turned back into passwords within hours, or hold the password itself.
inline constexpr base::Problem weak_scheme{
    "the password scheme is too weak; `sodapop user password NAME` sets a new password",
    "weak-scheme"};
/// Not exactly what the scheme's encoding allows.
inline constexpr base::Problem malformed{"the password hash is malformed", "malformed-hash"};
} // namespace hash_problem

/// The scheme in capitals, such as ARGON2ID, also for a hash with {CRYPT} or without {SCHEME}.
/// Refuses unknown_scheme and weak_scheme.
base::Result<std::string_view, base::Problem> scheme_of(std::string_view stored);

/// The cost of one verification. As strict as scheme.hpp says; malformed, too, when the hash has
/// more than 512 octets.
base::Result<Cost, base::Problem> cost_of(std::string_view stored);

/// True when `password` fits `stored`. False also for a hash that cost_of refuses. Takes the time
/// and memory that cost_of gives: check them first. Throws std::system_error (ENOMEM) when there is
/// not enough memory, as that says nothing about the password.
bool verify(std::string_view stored, const base::Secret& password);

/// A decoy with the scheme and all parameters of `stored`, which cost_of must accept.
std::string decoy_like(std::string_view stored);

/// True when `stored` says nothing about the end of `password`: bcrypt takes its first 72 octets
/// (crypt(5)).
bool is_cut(std::string_view stored, const base::Secret& password);

/// True when a hash that `make` gives for `wanted` would be better: `stored` is no Argon2id, has
/// less memory or fewer passes, or is refused by cost_of.
bool is_outdated(std::string_view stored, const Cost& wanted = owasp_cost);

} // namespace passwords
