// SPDX-License-Identifier: ISC
// Message text as RETR and TOP send it: every line ends with CRLF, a dot at its start is doubled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace pop3 {

/// Converts stored text to the lines that are sent (RFC 1939 sections 3 and 11), block by block,
/// for messages and lines of any length. A LF without a CR before it becomes CRLF; a CR elsewhere
/// is kept; a last line without a line end gets one; an empty message stays empty.
class ByteStuffing {
 public:
  static constexpr std::uint64_t whole = std::numeric_limits<std::uint64_t>::max();

  /// With `body_lines`, stops after the header, the blank line and this many lines of the body
  /// (TOP).
  explicit ByteStuffing(std::uint64_t body_lines = whole) : lines_left_(body_lines) {}

  /// The octets of space that stuff() needs for a block of `octets` octets, whatever they are, and
  /// finish() for the end of the message (0).
  static constexpr std::size_t space_for(std::size_t octets) { return 2 * octets + 2; }

  /// Writes the converted `block` to the front of `out` and gives the length. `out` must have
  /// space_for(block.size()) octets at least and must not overlap `block`; its octets behind the
  /// result are undefined. Throws std::length_error when `out` is too small.
  std::size_t stuff(std::string_view block, std::span<char> out);
  /// Writes the line end if the last line lacks it, and gives the length. `out` must have
  /// space_for(0) octets; throws std::length_error otherwise. Call it once, after the last block.
  std::size_t finish(std::span<char> out);

  /// True once all wanted lines are written, so that no further block adds anything.
  bool is_done() const { return !in_header_ && lines_left_ == 0; }
  /// Octets written so far without stuffed dots, as message sizes count (RFC 1939 section 11).
  std::uint64_t octets() const { return octets_; }

 private:
  std::string_view wanted_of(std::string_view block);
  bool is_blank(std::string_view block, std::size_t line_feed) const;

  std::uint64_t lines_left_;
  std::uint64_t octets_ = 0;
  char last_ = '\n'; // the last octet so far; a message begins as after a line end
  char last_but_one_ = '\n';
  bool in_header_ = true;
};

} // namespace pop3
