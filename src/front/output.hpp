// SPDX-License-Identifier: ISC
// Replies on their way from the front to the client. Runs in the front.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace front {

/// Gathers replies until they are worth a write. Short ones lie in a few KiB; with the first that
/// is longer, or with the first message, it maps a little more than 1 MiB: 256 KiB for a block of
/// the message, the rest for what is to be written, since 256 KiB less an octet may be gathered
/// when a block that doubles in length joins it. Only what is used of that is touched: half a MiB
/// by a long message of ordinary lines, a few pages by a short one. A client that does not read
/// cannot make us hold more.
class Output {
 public:
  /// From this many octets on it is to be written.
  static constexpr std::size_t enough = std::size_t{256} * 1024;
  /// Octets of a message that are read at once.
  static constexpr std::size_t block_octets = std::size_t{256} * 1024;

  Output();

  bool empty() const { return size_ == 0; }
  bool is_full() const { return size_ >= enough; }
  std::string_view text() const { return {data_, size_}; }
  void clear() { size_ = 0; }

  /// Throws std::length_error where it does not fit; while not is_full(), two blocks and a KiB do.
  /// This and block() and space() throw std::system_error when there is no memory.
  void append(std::string_view text);

  /// Where to read a block of a message to. It is no part of space().
  std::span<char> block();
  /// What is free behind text(): space for a block on the wire while not is_full().
  std::span<char> space();
  /// The first `octets` of space() are text now.
  void filled(std::size_t octets);

  /// Whether so much memory has been used that a client which is silent should not keep it.
  bool is_large() const { return most_ > worth_keeping; }
  /// Gives the memory back; for use when empty().
  void release();

 private:
  static constexpr std::size_t small_octets = 4096;
  static constexpr std::size_t large_octets = enough + 2 * block_octets + 4096;
  static constexpr std::size_t worth_keeping = std::size_t{64} * 1024;

  struct Unmap {
    void operator()(char* memory) const;
  };

  void grow();

  std::unique_ptr<char[]> small_;
  std::unique_ptr<char, Unmap> large_;
  char* data_;
  std::size_t capacity_ = small_octets;
  std::size_t size_ = 0;
  std::size_t most_ = 0; // that size_ has been since the memory was taken
};

} // namespace front
