// SPDX-License-Identifier: ISC
// The cost of one verification of a stored hash, in units that apply to every scheme.
#pragma once

#include <cstdint>

namespace passwords {

struct Cost {
  std::uint64_t memory = 0; ///< Octets.
  /// Passes of Argon2; for any other scheme, units of the work that takes as long as one pass over
  /// 19 MiB, about 10 ms, rounded up.
  std::uint64_t operations = 0;

  bool operator==(const Cost&) const = default;
};

/// OWASP Password Storage Cheat Sheet (2023 and later), Argon2id: 19 MiB, two passes, one lane.
inline constexpr Cost owasp_cost{std::uint64_t{19} << 20, 2};

/// True when neither memory nor operations are above those of `ceiling`.
constexpr bool within(const Cost& cost, const Cost& ceiling) {
  return cost.memory <= ceiling.memory && cost.operations <= ceiling.operations;
}

// Work of about 10 ms, measured on the same core of an AMD EPYC as Argon2 with 19 MiB; other
// processors differ in the speed but little in the proportion.
inline constexpr std::uint64_t sha512_rounds_an_operation = 40'000;    ///< Of SHA512-CRYPT.
inline constexpr std::uint64_t sha256_rounds_an_operation = 25'000;    ///< Of SHA256-CRYPT.
inline constexpr std::uint64_t bcrypt_rounds_an_operation = 256;       ///< A cost of 8.
inline constexpr std::uint64_t hmac_rounds_an_operation = 25'000;      ///< Of PBKDF2, HMAC-SHA-256.
inline constexpr std::uint64_t yescrypt_octets_an_operation = 8 << 20; ///< Of its memory.
inline constexpr std::uint64_t scrypt_octets_an_operation = 4 << 20;   ///< Memory, for each lane.

constexpr std::uint64_t operations(std::uint64_t work, std::uint64_t an_operation) {
  return work / an_operation + (work % an_operation != 0 ? 1 : 0);
}

} // namespace passwords
