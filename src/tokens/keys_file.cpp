// SPDX-License-Identifier: ISC
#include "tokens/keys_file.hpp"

#include "base/system_error.hpp"

#include <unistd.h>

namespace tokens {

namespace {

/// The whole file, but not more than max_key_set + 1 octets, which are too many for a set.
std::string read_whole(int fd) {
  std::string text(max_key_set + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::pread(fd, text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (got < 0 && errno == EINTR)
      continue;
    if (base::check(got, "read the keys of OAuth") == 0)
      break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

} // namespace

base::Result<KeysFile, base::FileProblem> KeysFile::open(const std::string& path) {
  auto file = base::open_trusted(path);
  if (!file)
    return base::Refused{file.error()};
  return KeysFile(std::move(file->fd));
}

base::Result<KeySet, std::string_view> KeysFile::read() const {
  return KeySet::parse(read_whole(fd_.get()));
}

} // namespace tokens
