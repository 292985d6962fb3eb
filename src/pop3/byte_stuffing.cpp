// SPDX-License-Identifier: ISC
#include "pop3/byte_stuffing.hpp"

namespace pop3 {

void ByteStuffing::stuff(std::string_view block, std::string& out) {
  while (!block.empty() && !done_) {
    if (line_length_ == 0)
      start_line(block.front(), out);
    const auto line_end = block.find('\n');
    const auto part = block.substr(0, line_end);
    out += part;
    octets_ += part.size();
    line_length_ += part.size();
    if (!part.empty())
      after_cr_ = part.back() == '\r';
    if (line_end == block.npos)
      return;
    end_line(after_cr_, out);
    block.remove_prefix(line_end + 1);
  }
}

void ByteStuffing::finish(std::string& out) {
  if (line_length_ > 0 && !done_)
    end_line(false, out);
}

void ByteStuffing::start_line(char first, std::string& out) {
  if (first == '.')
    out += '.';
}

void ByteStuffing::end_line(bool has_cr, std::string& out) {
  out += has_cr ? "\n" : "\r\n";
  octets_ += has_cr ? 1 : 2;
  const bool is_blank = line_length_ == (has_cr ? 1 : 0);
  line_length_ = 0;
  after_cr_ = false;
  if (!in_header_ && lines_left_ != whole)
    --lines_left_;
  if (in_header_ && is_blank)
    in_header_ = false;
  done_ = !in_header_ && lines_left_ == 0;
}

} // namespace pop3
