// SPDX-License-Identifier: ISC
// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677), in Dovecot's notation,
// and the arithmetic of an exchange. It proves a password, but who steals it can neither log in
// with it nor save guessing. Passwords are taken octet by octet, without SASLprep (RFC 4013), which
// changes nothing in those of printable ASCII.
#pragma once

#include "base/secret.hpp"
#include "passwords/pbkdf2.hpp"
#include "passwords/scheme.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace passwords {

struct ScramVerifier {
  std::uint32_t iterations = 0;
  std::string salt; ///< Octets.
  Sha256Octets stored_key{}, server_key{};

  bool operator==(const ScramVerifier&) const = default;
};

/// RFC 7677 section 4 wants no fewer.
inline constexpr std::uint32_t least_scram_iterations = 4096;
/// About 40 ms of a client's processor, as much as four operations of a Cost.
inline constexpr std::uint32_t default_scram_iterations = 100'000;
/// Octets of a salt. Fewer than 8 repeat among the users of a large site; 64 fit into any message.
inline constexpr std::size_t least_scram_salt = 8, most_scram_salt = 64;
/// Of the salts that are made here, as many as Dovecot's.
inline constexpr std::size_t scram_salt_octets = 16;

/// `{SCRAM-SHA-256}iterations,salt,StoredKey,ServerKey`, the scheme in capitals or not, or left
/// out; the last three in padded base64 (RFC 4648 section 4) without unused bits. Nothing for
/// anything else, or beyond the limits above.
std::optional<ScramVerifier> parse_scram(std::string_view text);
/// With the scheme.
std::string to_text(const ScramVerifier& verifier);

/// With a fresh salt. Takes as long as `iterations` say, which are at least least_scram_iterations.
/// Throws std::system_error.
ScramVerifier make_scram(const base::Secret& password, std::uint32_t iterations);

/// The ServerSignature for `auth_message`, where `proof`, the ClientProof, fits. Takes the same
/// time for every proof.
std::optional<Sha256Octets> check_proof(const ScramVerifier& verifier,
                                        std::string_view auth_message, const Sha256Octets& proof);

/// For a name that nobody has: the same at each call, and not to be told from a real one by who
/// does not have the key. No proof fits. Throws std::invalid_argument when the key has fewer than
/// 16 or more than 64 octets.
ScramVerifier decoy_scram(std::string_view name, const base::Secret& site_key,
                          std::uint32_t iterations);

/// 16 hexadecimal digits for the hash field of the users file, as it stands: a verifier that has
/// another one was made for another password. 64 bits of BLAKE2b tell nothing of the hash.
std::string scram_tag(std::string_view hash);

/// SCRAM-SHA-256 as a scheme for passwords that are sent as such. Its {SCHEME} has to be written.
std::span<const Scheme> scram_schemes();

} // namespace passwords
