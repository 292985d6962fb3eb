// SPDX-License-Identifier: ISC
// How many octets a stored message has on the wire (RFC 1939 section 11).
#pragma once

#include <cstdint>
#include <string_view>

namespace maildir {

/// Counts what pop3::ByteStuffing sends, stuffed dots left out: every LF without a CR before it as
/// two octets, a missing last line end as two more.
class WireSize {
 public:
  /// The blocks of the message in order, cut anywhere.
  void add(std::string_view block);
  /// The size if the message ends here.
  std::uint64_t octets() const;

 private:
  std::uint64_t octets_ = 0;
  char last_ = '\n'; // an empty message misses no line end
};

} // namespace maildir
