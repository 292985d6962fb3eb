// SPDX-License-Identifier: ISC
// The password schemes, as password_hash uses them.
#pragma once

#include "passwords/hash_cost.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace passwords {

/// A hash is the text after {SCHEME}.
struct Scheme {
  std::string_view name;   ///< In capitals. Several entries may share it.
  std::string_view prefix; ///< Of each hash. Empty: {SCHEME} is required.
  /// Takes the hash without its prefix. Strict: nothing, unless `verify` can compute the hash.
  std::optional<Cost> (*cost_of)(std::string_view rest);
  /// Only for a hash that cost_of accepts. Throws std::system_error, mostly ENOMEM, when the hash
  /// cannot be computed: that is no wrong password.
  bool (*verify)(const std::string& hash, std::string_view password);
};

/// ARGON2ID and ARGON2I. Strict: decimal numbers without leading zeros or sign, version 19, at
/// least 8 KiB a lane, salts of 8 and hashes of 16 octets or more, unpadded base64. Any number of
/// lanes: libsodium computes them one after the other.
std::span<const Scheme> argon2_schemes();

/// The schemes of crypt(5) that are still strong enough, through libxcrypt: SHA512-CRYPT,
/// SHA256-CRYPT, BLF-CRYPT, YESCRYPT and GOST-YESCRYPT. crypt(3) takes a C string: a password with
/// a NUL, or with 512 octets or more, is never right. bcrypt uses only the first 72 octets. Strict,
/// in the alphabet of crypt(3):
/// - `$6$`, `$5$`: rounds from 1000 to 999999999 or not given (5000), salts of 1 to 16 characters;
/// - `$2a$`, `$2b$`, `$2y$`: costs from 04 to 31;
/// - `$y$`, `$gy$`: the default flags, N of 2^10 or more and r from 8 to 48 in one digit each, as
///   crypt_gensalt(3) writes them; salts of 64 octets at most.
/// The memory cost of the first two kinds is the size of the working space of crypt_r(3).
std::span<const Scheme> crypt_schemes();

/// SCRYPT (RFC 7914) in the `$7$` notation that libsodium's crypto_pwhash_scryptsalsa208sha256_str
/// and crypt(5) write. Strict: N from 2^1 to 2^31 in one digit; r and p in five digits each, from 1
/// and with a product below 2^24, far above any reasonable cost ceiling; a salt of 1 to 86
/// characters, used as they stand; 32 octets of output.
std::span<const Scheme> scrypt_schemes();

/// SCRAM-SHA-256 for logins that send the password itself. {SCHEME} is required.
std::span<const Scheme> scram_schemes();

} // namespace passwords
