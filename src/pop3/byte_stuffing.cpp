// SPDX-License-Identifier: ISC
#include "pop3/byte_stuffing.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pop3 {

namespace {

constexpr std::size_t chunk = 64; // octets: one for each bit of a std::uint64_t

/// Bit i is set when text[i] is a LF.
std::uint64_t line_feeds(const char* text) {
  std::uint64_t found = 0;
#ifdef __SSE2__
  for (unsigned at = 0; at < chunk; at += sizeof(__m128i)) {
    __m128i part;
    std::memcpy(&part, text + at, sizeof part);
    const int equal = _mm_movemask_epi8(_mm_cmpeq_epi8(part, _mm_set1_epi8('\n')));
    found |= std::uint64_t{static_cast<unsigned>(equal)} << at;
  }
#else
  for (unsigned at = 0; at < chunk; ++at)
    found |= std::uint64_t{text[at] == '\n'} << at;
#endif
  return found;
}

/// The conversion of one block. All octets before `from` are written before `to`. When a line that
/// starts at `from` has a dot there, the dot that stuffs it is written, too.
struct Conversion {
  const char* from;
  const char* end;
  char* to;
  std::size_t dots = 0;

  void first_octet(char before) {
    if (before == '\n')
      stuff_dot(from);
    if (*from == '\n' && before != '\r')
      *to++ = '\r';
    *to++ = *from++;
    if (from[-1] == '\n')
      stuff_dot(from);
  }

  // Copies of a fixed length cost less than those of the exact length; surplus octets are
  // overwritten later. The copies stay within the block and its space while two chunks are left.
  void chunks() {
    for (; end - from >= static_cast<std::ptrdiff_t>(2 * chunk); from += chunk) {
      std::size_t done = 0;
      std::memcpy(to, from, chunk);
      for (auto left = line_feeds(from); left != 0; left &= left - 1) {
        const auto at = static_cast<std::size_t>(std::countr_zero(left));
        to += at - done;
        line_end(from + at);
        done = at + 1;
        std::memcpy(to, from + done, chunk);
      }
      to += chunk - done;
    }
  }

  // Less than two chunks.
  void rest() {
    while (from < end) {
      const auto* const line_feed = std::find(from, end, '\n');
      to = std::copy(from, line_feed, to);
      from = line_feed;
      if (from < end)
        line_end(from++);
    }
  }

  /// Not for the first octet of a block, as the octet before the LF is read.
  void line_end(const char* line_feed) {
    if (line_feed[-1] != '\r')
      *to++ = '\r';
    *to++ = '\n';
    stuff_dot(line_feed + 1);
  }

  /// Stuffs the dot with which the line begins, if it does.
  void stuff_dot(const char* line) {
    if (line < end && *line == '.') {
      *to++ = '.';
      ++dots;
    }
  }
};

void check_space(std::size_t octets, std::span<char> out) {
  if (out.size() < ByteStuffing::space_for(octets))
    throw std::length_error("no space for a block");
}

} // namespace

std::size_t ByteStuffing::stuff(std::string_view block, std::span<char> out) {
  check_space(block.size(), out);
  if (lines_left_ != whole)
    block = wanted_of(block);
  if (block.empty())
    return 0;
  Conversion conversion{block.data(), block.data() + block.size(), out.data()};
  conversion.first_octet(last_);
  conversion.chunks();
  conversion.rest();
  last_but_one_ = block.size() > 1 ? block[block.size() - 2] : last_;
  last_ = block.back();
  const auto written = static_cast<std::size_t>(conversion.to - out.data());
  octets_ += written - conversion.dots;
  return written;
}

std::size_t ByteStuffing::finish(std::span<char> out) {
  check_space(0, out);
  if (last_ == '\n')
    return 0;
  out[0] = '\r';
  out[1] = last_ = '\n';
  octets_ += 2;
  return 2;
}

/// The part of `block` up to the end of the last line that is wanted.
std::string_view ByteStuffing::wanted_of(std::string_view block) {
  std::size_t wanted = 0;
  while (!is_done()) {
    const auto line_feed = block.find('\n', wanted);
    if (line_feed == block.npos)
      return block;
    if (in_header_)
      in_header_ = !is_blank(block, line_feed);
    else
      --lines_left_;
    wanted = line_feed + 1;
  }
  return block.substr(0, wanted);
}

/// True when the line that ends at this LF is blank.
bool ByteStuffing::is_blank(std::string_view block, std::size_t line_feed) const {
  const char before = line_feed > 0 ? block[line_feed - 1] : last_;
  const char earlier = line_feed > 1 ? block[line_feed - 2] : line_feed > 0 ? last_ : last_but_one_;
  return before == '\n' || (before == '\r' && earlier == '\n');
}

} // namespace pop3
