// SPDX-License-Identifier: ISC
// Digests of bytes: one that serves as a short name, and one that takes a key to make.
#pragma once

#include "base/secret.hpp"

#include <array>
#include <cstddef>
#include <sodium/crypto_generichash.h>
#include <string>
#include <string_view>

namespace base {

/// BLAKE2b (RFC 7693) with Size octets of output, 16 to 64. `key` has at most 64 octets; an empty
/// one counts as none.
template <std::size_t Size>
std::array<unsigned char, Size> blake2b(std::string_view bytes, std::string_view key = {}) {
  std::array<unsigned char, Size> hash;
  crypto_generichash(hash.data(), Size, reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return hash;
}

/// BLAKE2b with 128 bits of output, as 32 lower-case hexadecimal digits.
std::string digest(std::string_view bytes);

/// BLAKE2b (RFC 7693) with a key and 256 bits of output, over bytes that come in pieces. Without
/// the key, no digest can be made. It cannot be copied, and the destructor wipes it.
class KeyedDigest {
 public:
  /// Octets of a key: RFC 7693 allows 64 at most, and a key of fewer than 16 can be guessed.
  static constexpr std::size_t least_key = 16, most_key = 64;

  /// Throws std::invalid_argument when the length of `key` is not within these limits.
  explicit KeyedDigest(std::string_view key);

  void add(std::string_view bytes);
  /// The digest of all that was added, as lower-case hexadecimal digits. Call it once, last.
  std::string text();

 private:
  crypto_generichash_state state_;
  Wiper<crypto_generichash_state> wiper_{state_};
};

} // namespace base
