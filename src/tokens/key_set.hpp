// SPDX-License-Identifier: ISC
// The keys with which a site's authorization server signs tokens, as it publishes them: a JWK Set
// (RFC 7517) of public keys for EdDSA, RS256 and ES256.
#pragma once

#include "base/result.hpp"
#include "tokens/public_key.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokens {

/// Most octets of the document: sets of large services have ten keys of 2 KiB, certificates
/// included.
inline constexpr std::size_t max_key_set = 65536;
/// Most usable keys: the largest services have about ten.
inline constexpr std::size_t max_keys = 32;

/// The reasons to refuse a document as a whole, in words to follow the file's name.
namespace key_set_problem {

inline constexpr std::string_view too_large = "has more than 65536 octets"; // max_key_set
/// parse_object refuses it, or its `keys` is no array of objects.
inline constexpr std::string_view malformed = "is not a JWK Set: an object with an array of keys";
/// A key with `d`, `p`, `q`, `dp`, `dq`, `qi` or `oth`.
inline constexpr std::string_view private_key =
    "has a private key in it: give the server public keys only, and stop using that one";
/// A key of the type `oct`, or one with `k`.
inline constexpr std::string_view symmetric_key =
    "has a symmetric key in it: a server that checks tokens with it could also make them";
inline constexpr std::string_view too_many = "has more than 32 keys"; // max_keys, usable
inline constexpr std::string_view no_usable_key = "has no key for EdDSA, RS256 or ES256";

} // namespace key_set_problem

/// The reasons to ignore one key, as in RFC 7517 section 5; the other keys are used.
namespace key_problem {

inline constexpr std::string_view other_type =
    "is not of the type RSA, EC with P-256 or OKP with Ed25519";
/// `use` is not sig, `key_ops` has no verify, or `alg` does not fit the type.
inline constexpr std::string_view other_use =
    "is not for checking signatures of EdDSA, RS256 or ES256";
/// A member has a wrong type, a number is missing or PublicKey refuses it.
inline constexpr std::string_view malformed =
    "is malformed, not on its curve, or an RSA key of less than 2048 or more than 8192 bits";

} // namespace key_problem

struct SkippedKey {
  std::size_t number; ///< Of the key in the document, from 1.
  std::string_view problem;
};

/// The document in the file, cut after max_key_set + 1 octets, which parse() refuses. Throws
/// std::system_error.
std::string read_document(int file);

class KeySet {
 public:
  struct Key {
    std::optional<std::string> id; ///< `kid`; may be missing, and may be that of several keys.
    PublicKey key;
  };

  /// Refuses with a key_set_problem.
  static base::Result<KeySet, std::string_view> parse(std::string_view document);
  /// At least one, at most max_keys.
  const std::vector<Key>& keys() const { return keys_; }
  const std::vector<SkippedKey>& skipped_keys() const { return skipped_keys_; }

 private:
  KeySet() = default;

  std::vector<Key> keys_;
  std::vector<SkippedKey> skipped_keys_;
};

} // namespace tokens
