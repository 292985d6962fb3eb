// SPDX-License-Identifier: ISC
#include "pop3/line_reader.hpp"

#include "base/secret.hpp"

#include <cassert>
#include <cstring>

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
  searched_ -= begin_;
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
  const void* found = std::memchr(buffer_.get() + searched_, '\n', end_ - searched_);
  if (found != nullptr)
    return take(static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.get()));
  searched_ = end_;
  if (end_ - begin_ >= max_line) {
    discarding_ = true;
    begin_ = end_;
  }
  return {};
}

Line LineReader::take(std::size_t end) {
  const std::string_view text(buffer_.get() + begin_, end - begin_);
  const bool overlong = discarding_ || text.size() + 1 > max_line;
  begin_ = searched_ = end + 1;
  discarding_ = false;
  return overlong ? Line{Line::Kind::overlong, {}} : checked(text);
}

} // namespace pop3
