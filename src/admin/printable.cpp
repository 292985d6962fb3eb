// SPDX-License-Identifier: ISC
#include "admin/printable.hpp"

#include "base/hex.hpp"

namespace admin {

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c >= ' ' && c <= '~' && c != '\\')
      shown += c;
    else
      shown.append("\\x").append(base::hex({&octet, 1}));
  }
  return shown;
}

} // namespace admin
