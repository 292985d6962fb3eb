// SPDX-License-Identifier: ISC
#include "support/files.hpp"

#include <fstream>
#include <iterator>

namespace support {

void write_file(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace support
