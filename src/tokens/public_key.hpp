// SPDX-License-Identifier: ISC
// The public half of a key that a site's authorization server signs with, and whether a signature
// is its (RFC 7518 section 3, RFC 8037 section 3.1). RSA and P-256 are computed by Mbed TLS,
// Ed25519 and SHA-256 by libsodium; neither needs to be woken or makes a system call but for
// memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tokens {

/// The names in a token's header, one a type of key. There is none for symmetric keys: who could
/// check such a token could make it.
enum class Algorithm : std::uint8_t { eddsa, rs256, es256 };

/// `EdDSA`, `RS256`, `ES256`.
std::string_view name(Algorithm algorithm);
/// Nothing for every other name; the case of letters counts (RFC 7515 section 4.1.1).
std::optional<Algorithm> algorithm_named(std::string_view name);

/// Bits of an RSA modulus: the least that RFC 7518 section 3.3 allows, and what Mbed TLS computes
/// with, a matter of milliseconds.
inline constexpr std::size_t least_modulus = 2048, greatest_modulus = 8192;
/// Octets of an RSA exponent, which is 65537 nearly everywhere: a long one costs as much time as
/// making signatures does.
inline constexpr std::size_t longest_exponent = 4;

class PublicKey {
 public:
  /// Of octets as RFC 8037 section 2 and RFC 7518 sections 6.2.1 and 6.3.1 have them, most
  /// significant first. Nothing when a number has another length than its type wants, a point is
  /// not on P-256, a modulus or an exponent is even, begins with an octet of zero or is not within
  /// the limits above.
  static std::optional<PublicKey> ed25519(std::string_view x);
  static std::optional<PublicKey> p256(std::string_view x, std::string_view y);
  static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);

  Algorithm algorithm() const { return algorithm_; }

  /// Whether `signature` was made of `message`, by this key's algorithm and no other.
  bool verifies(std::string_view signature, std::string_view message) const;

 private:
  PublicKey(Algorithm algorithm, std::string number, std::string exponent = "")
      : algorithm_(algorithm), number_(std::move(number)), exponent_(std::move(exponent)) {}

  Algorithm algorithm_;
  std::string number_; ///< x of Ed25519; x and y of P-256; the modulus of RSA.
  std::string exponent_;
};

} // namespace tokens
