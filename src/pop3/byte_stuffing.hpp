// SPDX-License-Identifier: ISC
// Message text as RETR and TOP send it: every line ends with CRLF, a dot at its start is doubled.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
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

  /// Appends the form on the wire of `block` to `out`: at most twice its length, and two octets.
  void stuff(std::string_view block, std::string& out);
  /// Appends what is missing of the last line's end. Call it once, after the last block.
  void finish(std::string& out);

  /// No further block can add anything: all the lines wanted are out.
  bool is_done() const { return done_; }
  /// Octets so far as sizes count them: stuffed dots left out (RFC 1939 section 11).
  std::uint64_t octets() const { return octets_; }

 private:
  void start_line(char first, std::string& out);
  void end_line(bool has_cr, std::string& out);

  std::uint64_t lines_left_;
  std::uint64_t octets_ = 0;
  std::uint64_t line_length_ = 0; // of the line we are in, without its end
  bool in_header_ = true;
  bool after_cr_ = false;
  bool done_ = false;
};

} // namespace pop3
