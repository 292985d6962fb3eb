// SPDX-License-Identifier: ISC
// The public key of a site's authorization server, with which signatures are checked (RFC 7518
// section 3, RFC 8037 section 3.1). RSA and P-256 are computed by Mbed TLS, Ed25519 and SHA-256 by
// libsodium; neither needs to be initialised or makes a system call but for memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tokens {

/// The algorithms that a token's header may name, one for each type of key. There is none for
/// symmetric keys: a server that can check such a token can also make one.
enum class Algorithm : std::uint8_t { eddsa, rs256, es256 };

/// `EdDSA`, `RS256`, `ES256`.
std::string_view name(Algorithm algorithm);
/// Nothing for any other name; upper and lower case differ (RFC 7515 section 4.1.1).
std::optional<Algorithm> algorithm_named(std::string_view name);

/// Bits of an RSA modulus: the minimum of RFC 7518 section 3.3, and the maximum of Mbed TLS, with
/// which a check takes milliseconds.
inline constexpr std::size_t least_modulus = 2048, greatest_modulus = 8192;
/// Most octets of an RSA exponent, which is 65537 nearly everywhere. With a long exponent, a check
/// takes as much time as making a signature.
inline constexpr std::size_t longest_exponent = 4;

/// Its functions throw std::bad_alloc, as a lack of memory says nothing about a key or a signature.
class PublicKey {
 public:
  /// Makes a key of octets as defined in RFC 8037 section 2 and RFC 7518 sections 6.2.1 and 6.3.1,
  /// numbers of RSA and P-256 with the most significant octet first. Nothing when a number has
  /// another length than its type requires, a point is not on P-256, or a modulus or an exponent is
  /// even, begins with an octet of zero or is not within the limits above.
  static std::optional<PublicKey> ed25519(std::string_view x);
  static std::optional<PublicKey> p256(std::string_view x, std::string_view y);
  static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);

  Algorithm algorithm() const { return algorithm_; }

  /// True when `signature` is that of `message` by this key, with the key's algorithm and no other.
  bool verifies(std::string_view signature, std::string_view message) const;

 private:
  PublicKey(Algorithm algorithm, std::string number, std::string exponent = "")
      : algorithm_(algorithm), number_(std::move(number)), exponent_(std::move(exponent)) {}

  Algorithm algorithm_;
  std::string number_; ///< x of Ed25519; x and y of P-256; the modulus of RSA.
  std::string exponent_;
};

} // namespace tokens
