// SPDX-License-Identifier: ISC
// Counts the octets of a stored message on the wire (RFC 1939 section 11).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace maildir {

/// Counts the octets that pop3::ByteStuffing sends, without stuffed dots: every LF without a CR
/// before it as two octets, a missing last line end as two more.
class WireSize {
 public:
  /// Adds the next block of the message. Blocks may be cut anywhere.
  void add(std::string_view block);
  /// Adds so many NUL octets.
  void add_hole(std::uint64_t octets);
  /// The size if the message ends here.
  std::uint64_t octets() const;

 private:
  std::uint64_t octets_ = 0;
  char last_ = '\n'; // an empty message has no line end to add
};

/// The size on the wire of the first `length` octets of a file, read from its start; a hole, which
/// stands for as many NUL octets, is not read where the file system tells it. Octets that are
/// appended meanwhile do not count: RETR does not send them either. Calls `before_block` before it
/// reads a block, at most 128 KiB. Throws what that throws, and std::system_error: EIO when the
/// file ends before `length`, since the octets up to there are not the message.
std::uint64_t wire_octets(
    int fd, std::uint64_t length, const std::function<void()>& before_block = [] {});

} // namespace maildir
