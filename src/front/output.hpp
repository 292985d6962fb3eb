// SPDX-License-Identifier: ISC
// The buffer for replies to the client. Runs in the front.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace front {

/// Gathers replies until there are enough for one write. Short replies need a few KiB. The first
/// longer reply or the first message maps a little more than 1 MiB: 256 KiB for a block of the
/// message, the rest for output. The output may already hold 256 KiB less one octet when a block is
/// added, and the block may double in length. Only the pages in use are touched: half a MiB for a
/// long message of ordinary lines, a few pages for a short message. A client that does not read
/// cannot make the front hold more.
class Output {
 public:
  /// Octets from which on the output is to be written.
  static constexpr std::size_t enough = std::size_t{256} * 1024;
  /// Octets of a message that are read at once.
  static constexpr std::size_t block_octets = std::size_t{256} * 1024;

  Output();

  bool empty() const { return size_ == 0; }
  bool is_full() const { return size_ >= enough; }
  std::string_view text() const { return {data_, size_}; }
  void clear() { size_ = 0; }
  /// Takes back all but the first `octets` of text().
  void shorten(std::size_t octets) { size_ = std::min(size_, octets); }

  /// Throws std::length_error when `text` does not fit; while not is_full(), two blocks and a KiB
  /// fit. append(), block() and space() throw std::system_error when there is no memory.
  void append(std::string_view text);

  /// The memory for reading a block of a message. It is not part of space().
  std::span<char> block();
  /// The free memory after text(). While not is_full(), a block fits as it is sent on the wire.
  std::span<char> space();
  /// Adds the first `octets` of space() to text().
  void filled(std::size_t octets);

  /// True when so much memory was used that it should not be kept for a silent client.
  bool is_large() const { return most_ > worth_keeping; }
  /// Releases the mapped memory; only for use when empty().
  void release();

 private:
  static constexpr std::size_t small_octets = 4096;
  static constexpr std::size_t large_octets = enough + 2 * block_octets + 4096;
  static constexpr std::size_t mapped_octets = large_octets + block_octets;
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
  std::size_t most_ = 0; // maximum of size_ since the last release()
};

} // namespace front
