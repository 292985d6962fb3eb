// SPDX-License-Identifier: ISC
#include "base/text_file.hpp"

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>

namespace base {

std::string read_text(const std::string& path, std::size_t limit) {
  constexpr std::size_t block = 4096; // one is enough for most files
  const UniqueFd fd(check(open(path.c_str(), O_RDONLY | O_CLOEXEC), path));
  std::string text;
  std::size_t size = 0;
  for (ssize_t octets = 1; octets > 0 && size <= limit; size += static_cast<std::size_t>(octets)) {
    text.resize(size + block);
    octets = check(read(fd.get(), text.data() + size, block), path);
  }
  if (size > limit)
    throw_errno(path, EFBIG);
  text.resize(size);
  return text;
}

} // namespace base
