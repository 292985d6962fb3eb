// SPDX-License-Identifier: ISC
// Message numbers, and a set of them: of messages marked as deleted, or of those retrieved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pop3 {

/// Messages are numbered from 1 (RFC 1939 section 4).
using MessageNumber = std::uint32_t;

/// One bit per message. Numbers run from 1 to the size given at the start; other numbers are a bug.
class Marks {
 public:
  explicit Marks(MessageNumber messages = 0) : bits_((messages + 7u) / 8u) {}

  bool has(MessageNumber message) const { return (byte(message) & mask(message)) != 0; }
  void set(MessageNumber message) { byte(message) |= mask(message); }
  void clear() { bits_.assign(bits_.size(), 0); }

  /// Message 8k+1 is the lowest bit of byte k.
  std::span<const std::uint8_t> bytes() const { return bits_; }
  std::span<std::uint8_t> bytes() { return bits_; }

 private:
  static std::uint8_t mask(MessageNumber message) {
    return static_cast<std::uint8_t>(1u << ((message - 1) % 8));
  }
  const std::uint8_t& byte(MessageNumber message) const { return bits_.at((message - 1) / 8); }
  std::uint8_t& byte(MessageNumber message) { return bits_.at((message - 1) / 8); }

  std::vector<std::uint8_t> bits_;
};

} // namespace pop3
