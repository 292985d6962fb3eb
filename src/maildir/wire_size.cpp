// SPDX-License-Identifier: ISC
#include "maildir/wire_size.hpp"

namespace maildir {

void WireSize::add(std::string_view block) {
  if (block.empty())
    return;
  const auto is_bare = [](char previous, char c) { return c == '\n' && previous != '\r'; };
  std::uint64_t bare = is_bare(last_, block[0]) ? 1 : 0;
  for (std::size_t i = 1; i < block.size(); ++i)
    bare += is_bare(block[i - 1], block[i]) ? 1 : 0;
  octets_ += block.size() + bare;
  last_ = block.back();
}

std::uint64_t WireSize::octets() const {
  return last_ == '\n' ? octets_ : octets_ + 2;
}

} // namespace maildir
