// SPDX-License-Identifier: ISC
// The verifier that a server stores for SCRAM-SHA-256 (RFC 5802, RFC 7677), in Dovecot's notation,
// and the computations of an exchange. The server checks a password with it; an attacker who steals
// it cannot log in with it and still has to guess the password. Passwords are taken octet by octet,
// without SASLprep (RFC 4013), which changes nothing in those of printable ASCII.
#pragma once

#include "base/secret.hpp"
#include "passwords/pbkdf2.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace passwords {

struct ScramVerifier {
  std::uint32_t iterations = 0;
  std::string salt; ///< Octets.
  Sha256Octets stored_key{}, server_key{};

  bool operator==(const ScramVerifier&) const = default;
};

/// The minimum of RFC 7677 section 4.
inline constexpr std::uint32_t least_scram_iterations = 4096;
/// OWASP's advice for PBKDF2 with HMAC-SHA-256 (Password Storage Cheat Sheet, 2023). The client,
/// not the server, computes them at each login.
inline constexpr std::uint32_t default_scram_iterations = 600'000;
/// Octets of a salt. Salts of fewer than 8 octets repeat among the users of a large site; 64 octets
/// fit into any message.
inline constexpr std::size_t least_scram_salt = 8, most_scram_salt = 64;
/// Octets of the salts that are made here, as many as Dovecot's.
inline constexpr std::size_t scram_salt_octets = 16;

/// What an offer shows of a verifier, besides the random octets of its salt.
struct ScramParameters {
  std::uint32_t iterations = default_scram_iterations;
  std::size_t salt_octets = scram_salt_octets;

  auto operator<=>(const ScramParameters&) const = default; // NOLINT(modernize-use-nullptr)
};
inline ScramParameters parameters_of(const ScramVerifier& verifier) {
  return {verifier.iterations, verifier.salt.size()};
}

/// Parses `{SCRAM-SHA-256}iterations,salt,StoredKey,ServerKey`, the scheme in capitals or not, or
/// left out; the last three in padded base64 (RFC 4648 section 4) with unused bits zero. Nothing
/// for anything else, or beyond the limits above.
std::optional<ScramVerifier> parse_scram(std::string_view text);
/// The text that parse_scram reads, with the scheme.
std::string to_text(const ScramVerifier& verifier);

/// Makes a verifier with a fresh salt. The time grows with `iterations`, which are at least
/// least_scram_iterations. Throws std::system_error.
ScramVerifier make_scram(const base::Secret& password, std::uint32_t iterations);

/// The ServerSignature for `auth_message` when `proof`, the ClientProof, fits; else nothing. Takes
/// the same time for every proof.
std::optional<Sha256Octets> check_proof(const ScramVerifier& verifier,
                                        std::string_view auth_message, const Sha256Octets& proof);

/// A verifier for a name without a user: the same at each call, and without the key not
/// distinguishable from a real one with these parameters, whose salt has most_scram_salt octets at
/// most. No proof fits. Throws std::invalid_argument when the key has fewer than 16 or more than 64
/// octets.
ScramVerifier decoy_scram(std::string_view name, const base::Secret& site_key,
                          const ScramParameters& parameters);

/// 16 hexadecimal digits for `hash`, the field of the users file as it stands: a verifier with
/// other digits was made for another password. 64 bits of BLAKE2b reveal nothing about the hash.
std::string scram_tag(std::string_view hash);

} // namespace passwords
