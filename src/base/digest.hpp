// SPDX-License-Identifier: ISC
// Digests of bytes: one that serves as a short name, and one that takes a key to make.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace base {

/// BLAKE2b with 128 bits of output, as 32 lower-case hexadecimal digits.
std::string digest(std::string_view bytes);

/// BLAKE2b (RFC 7693) with a key and 256 bits of output, over bytes that come in pieces. Without
/// the key, no digest can be made. The state cannot be copied and is wiped by the destructor.
class KeyedDigest {
 public:
  /// Octets of a key: RFC 7693 allows 64 at most, and a key of fewer than 16 can be guessed.
  static constexpr std::size_t least_key = 16, most_key = 64;
  static constexpr std::size_t digits = 64;

  /// Throws std::invalid_argument when the length of `key` is not within these limits.
  explicit KeyedDigest(std::string_view key);
  KeyedDigest(const KeyedDigest&) = delete;
  KeyedDigest& operator=(const KeyedDigest&) = delete;
  ~KeyedDigest();

  void add(std::string_view bytes);
  /// The digest of all that was added, as lower-case hexadecimal digits. Call it once, last.
  std::string text();

 private:
  alignas(64) std::array<unsigned char, 384> state_; // libsodium's, whose type only the .cpp names
};

} // namespace base
