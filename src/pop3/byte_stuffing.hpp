// SPDX-License-Identifier: ISC
// Message text as RETR and TOP send it: every line ends with CRLF, a dot at its start is doubled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace pop3 {

/// Turns stored text into lines of the wire (RFC 1939 sections 3 and 11), block by block, whatever
/// the length of message or line. A LF without a CR before it becomes CRLF; a CR elsewhere passes
/// as it is; a last line without an end gets one; an empty message stays empty.
class ByteStuffing {
 public:
  static constexpr std::uint64_t whole = std::numeric_limits<std::uint64_t>::max();

  /// With a number: stop after the header, the blank line and this many lines of the body (TOP).
  explicit ByteStuffing(std::uint64_t body_lines = whole) : lines_left_(body_lines) {}

  /// Octets of space for the form on the wire of a block of `octets`, whatever is in it, or for the
  /// end of the message (0).
  static constexpr std::size_t space_for(std::size_t octets) { return 2 * octets + 2; }

  /// Writes the form on the wire of `block` to the front of `out` and gives its length. `out` has
  /// space_for(block.size()) octets at least, does not overlap `block`, and holds anything behind
  /// what was written. Throws std::length_error when it is too small.
  std::size_t stuff(std::string_view block, std::span<char> out);
  /// The same for what is missing of the last line's end. Call it once, after the last block.
  std::size_t finish(std::span<char> out);

  /// No further block can add anything: all the lines wanted are out.
  bool is_done() const { return done_; }
  /// Octets so far as sizes count them: stuffed dots left out (RFC 1939 section 11).
  std::uint64_t octets() const { return octets_; }

 private:
  std::string_view wanted_of(std::string_view block);
  bool is_blank(std::string_view block, std::size_t line_feed) const;
  void count_line(bool is_blank);

  std::uint64_t lines_left_;
  std::uint64_t octets_ = 0;
  char last_ = '\n'; // of the blocks so far; before the first line is as after a line's end
  char last_but_one_ = '\n';
  bool in_header_ = true;
  bool done_ = false;
};

} // namespace pop3
