// SPDX-License-Identifier: ISC
#include "maildir/wire_size.hpp"

namespace maildir {

void WireSize::add(std::string_view block) {
  if (block.empty())
    return;
  // An empty message has no LF to count, so that its last_ of '\n' needs no care here.
  std::uint64_t bare = block[0] == '\n' && last_ != '\r';
  for (std::size_t i = 1; i < block.size(); ++i)
    bare += static_cast<std::uint64_t>((block[i] == '\n') & (block[i - 1] != '\r'));
  octets_ += block.size() + bare;
  last_ = block.back();
}

std::uint64_t WireSize::octets() const {
  return last_ == '\n' ? octets_ : octets_ + 2;
}

} // namespace maildir
