// SPDX-License-Identifier: ISC
#include "base/text_file.hpp"

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>

namespace base {

std::string read_text(int fd, const std::string& what, std::size_t limit) {
  std::string text;
  char block[16384]; // one is enough for most files
  while (const auto octets = check(read(fd, block, sizeof block), what)) {
    text.append(block, static_cast<std::size_t>(octets));
    if (text.size() > limit)
      throw_errno(what, EFBIG);
  }
  return text;
}

std::string read_text(const std::string& path, std::size_t limit) {
  const UniqueFd fd(check(open(path.c_str(), O_RDONLY | O_CLOEXEC), path));
  return read_text(fd.get(), path, limit);
}

} // namespace base
