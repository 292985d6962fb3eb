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

/// Why a document is refused as a whole.
enum class KeySetProblem {
  too_large,     ///< More octets than max_key_set.
  malformed,     ///< parse_object refuses it, or its `keys` is no array of objects.
  private_key,   ///< A key with `d`, `p`, `q`, `dp`, `dq`, `qi` or `oth`.
  symmetric_key, ///< A key of the type `oct`, or one with `k`.
  too_many,      ///< More usable keys than max_keys.
  no_usable_key,
};

std::string_view description(KeySetProblem problem);

/// Why one key is ignored, as in RFC 7517 section 5; the other keys are used.
enum class KeyProblem {
  other_type, ///< Not RSA, not EC with P-256, not OKP with Ed25519.
  other_use,  ///< `use` is not sig, `key_ops` has no verify, or `alg` does not fit the type.
  malformed,  ///< A member has a wrong type, a number is missing or PublicKey refuses it.
};

std::string_view description(KeyProblem problem);

struct SkippedKey {
  std::size_t number; ///< Of the key in the document, from 1.
  KeyProblem problem;
};

class KeySet {
 public:
  struct Key {
    std::optional<std::string> id; ///< `kid`; may be missing, and may be that of several keys.
    PublicKey key;
  };

  static base::Result<KeySet, KeySetProblem> parse(std::string_view document);

  /// At least one, at most max_keys.
  const std::vector<Key>& keys() const { return keys_; }
  const std::vector<SkippedKey>& skipped_keys() const { return skipped_keys_; }

 private:
  KeySet() = default;

  std::vector<Key> keys_;
  std::vector<SkippedKey> skipped_keys_;
};

} // namespace tokens
