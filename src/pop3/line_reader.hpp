// SPDX-License-Identifier: ISC
// Splits the client's input into lines, in a fixed amount of memory.
#pragma once

#include "pop3/limits.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace pop3 {

/// One line without its line end.
struct Line {
  enum class Kind {
    text,     ///< A line that can be handled.
    overlong, ///< More than max_line octets came before the line end; `text` is empty.
    malformed ///< Has NUL, or a CR that is not before the LF; `text` is empty.
  };
  Kind kind;
  std::string_view text;
};

/// Lines end with CRLF; LF alone is accepted. A line that is too long is reported once, when its
/// end has come, and never in parts. The next call of next() or space() wipes all lines given out,
/// since one of them may hold a password.
class LineReader {
 public:
  ~LineReader();

  /// The space for the next octets of the stream; never empty once next() has given nothing. Makes
  /// every Line given out invalid.
  std::span<char> space();
  /// Tells that the first `octets` octets of space() have been filled.
  void filled(std::size_t octets);
  /// The next whole line, in order of arrival, or nothing when more input is needed. Its text is
  /// valid until the next call of next() or space().
  std::optional<Line> next();
  /// Whether octets have come that next() has not given out.
  bool has_rest() const { return begin_ != end_; }

 private:
  static constexpr std::size_t capacity = 2 * max_line;

  // Not initialised, and not on the stack: memory that is not touched costs a session nothing.
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(capacity);
  std::size_t begin_ = 0; // of the octets not given out
  std::size_t end_ = 0;
  std::size_t wiped_ = 0; // octets before are given out and wiped
  bool discarding_ = false;
};

} // namespace pop3
