// SPDX-License-Identifier: ISC
#include "pop3/coding.hpp"

#include <algorithm>

namespace pop3 {

namespace {

using namespace std::string_view_literals;

struct Mark {
  Coding coding;
  std::string_view octets;
};

// From RFC 1952 section 2.3.1, RFC 8878 section 3.1.1, the file formats of xz and lz4, and, for the
// third and the last one, the headers that Dovecot writes.
constexpr Mark marks[] = {
    {Coding::gzip, "\x1f\x8b"sv},
    {Coding::xz, "\xfd\x37zXZ\0"sv},
    {Coding::lz4, "Dovecot-LZ4\x0d\x2a\x9b\xc5"sv},
    {Coding::lz4, "\x04\x22\x4d\x18"sv},
    {Coding::zstd, "\x28\xb5\x2f\xfd"sv},
    {Coding::mail_crypt, "CRYPTED\x03\x07"sv},
};

/// `BZh`, the level, and the mark of a block or, when there is none, of the end.
bool is_bzip2(std::string_view start) {
  constexpr std::size_t header = 4;
  const auto block = start.substr(std::min(start.size(), header));
  return start.starts_with("BZh") && start.size() > header && start[3] >= '1' && start[3] <= '9' &&
         (block.starts_with("\x31\x41\x59\x26\x53\x59"sv) ||
          block.starts_with("\x17\x72\x45\x38\x50\x90"sv));
}

} // namespace

Coding coding_of(std::string_view start) {
  for (const auto& mark : marks)
    if (start.starts_with(mark.octets))
      return mark.coding;
  return is_bzip2(start) ? Coding::bzip2 : Coding::none;
}

std::string_view log_name(Coding coding) {
  switch (coding) {
  case Coding::gzip: return "gzip";
  case Coding::bzip2: return "bzip2";
  case Coding::xz: return "xz";
  case Coding::zstd: return "zstd";
  case Coding::lz4: return "lz4";
  case Coding::mail_crypt: return "mail-crypt";
  case Coding::none: break;
  }
  return "";
}

} // namespace pop3
