// SPDX-License-Identifier: ISC
#include "pop3/line_reader.hpp"

#include "base/secret.hpp"

#include <cassert>
#include <cstring>
#include <utility>

namespace pop3 {

namespace {

Line checked(std::string_view text) {
  if (text.ends_with('\r'))
    text.remove_suffix(1);
  if (text.find('\0') != text.npos || text.find('\r') != text.npos)
    return {Line::Kind::malformed, {}};
  return {Line::Kind::text, text};
}

} // namespace

LineReader::~LineReader() {
  base::wipe(buffer_.get() + wiped_, end_ - wiped_);
}

std::span<char> LineReader::space() {
  const std::size_t rest = end_ - begin_;
  std::memmove(buffer_.get(), buffer_.get() + begin_, rest);
  base::wipe(buffer_.get() + rest, begin_);
  begin_ = wiped_ = 0;
  end_ = rest;
  return {buffer_.get() + end_, capacity - end_};
}

void LineReader::filled(std::size_t octets) {
  assert(octets <= capacity - end_);
  end_ += octets;
}

std::optional<Line> LineReader::next() {
  base::wipe(buffer_.get() + wiped_, begin_ - wiped_);
  wiped_ = begin_;
  const std::string_view input(buffer_.get() + begin_, end_ - begin_);
  const auto length = input.find('\n');
  if (length != input.npos) {
    begin_ += length + 1;
    const bool overlong = std::exchange(discarding_, false) || length + 1 > max_line;
    return overlong ? Line{Line::Kind::overlong, {}} : checked(input.substr(0, length));
  }
  if (input.size() >= max_line) {
    discarding_ = true;
    begin_ = end_;
  }
  return {};
}

} // namespace pop3
