// SPDX-License-Identifier: ISC
// Octets that a piece of code reads from files, as the kernel counts them.
#pragma once

#include "support/files.hpp"

#include <cstdint>
#include <string>

namespace support {

/// The octets that this process reads while `act` runs, by proc(5)'s rchar.
template <class Act> std::uint64_t octets_read(const Act& act) {
  const auto rchar = [](const std::string& text) {
    const auto at = text.find("rchar: ");
    return at == text.npos ? 0 : std::stoull(text.substr(at + 7));
  };
  const auto before = read_file("/proc/self/io");
  act();
  return rchar(read_file("/proc/self/io")) - rchar(before) - before.size();
}

} // namespace support
