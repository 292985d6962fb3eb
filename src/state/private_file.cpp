// SPDX-License-Identifier: ISC
#include "state/private_file.hpp"

#include "base/system_error.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>

namespace state {

namespace {

bool is_private(int fd) {
  struct stat facts;
  base::check(::fstat(fd, &facts), "fstat");
  return S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid() &&
         (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/// Makes the file under another name first, so that no process sees an incomplete key file.
void make(const std::string& path) {
  std::array<char, key_file_octets> key;
  const base::Wiper wiper(key);
  base::check(::getentropy(key.data(), key.size()), "getrandom");
  auto temporary = path + ".XXXXXX";
  const base::UniqueFd fd(
      base::check(::mkostemp(temporary.data(), O_CLOEXEC), temporary)); // mode 0600
  const bool is_written =
      ::write(fd.get(), key.data(), key.size()) == static_cast<ssize_t>(key.size());
  // Unlike rename(2), linkat(2) does not replace a key that another process has just made.
  const bool is_there =
      is_written &&
      (::linkat(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), 0) == 0 || errno == EEXIST);
  const int error = errno;
  ::unlink(temporary.c_str());
  if (!is_there)
    throw std::system_error(is_written ? error : ENOSPC, std::generic_category(), path);
}

base::UniqueFd open_existing(const std::string& path) {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  return base::UniqueFd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

base::UniqueFd open_or_make(const std::string& path) {
  auto fd = open_existing(path);
  if (!fd && errno == ENOENT) {
    make(path);
    fd = open_existing(path);
  }
  if (!fd)
    base::throw_errno(path);
  return fd;
}

} // namespace

std::optional<base::UniqueFd> open_private(const std::string& path) {
  base::UniqueFd fd(base::check(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600), path));
  return is_private(fd.get()) ? std::optional(std::move(fd)) : std::nullopt;
}

base::Result<base::Secret, std::string_view> open_key_file(const std::string& path) {
  const auto fd = open_or_make(path);
  if (!is_private(fd.get()))
    return base::Refused{key_file_problem::not_private};
  std::array<char, key_file_octets + 1> content; // one more than a key has
  const base::Wiper wiper(content);
  if (base::check(::pread(fd.get(), content.data(), content.size(), 0), "read the key") !=
      key_file_octets)
    return base::Refused{key_file_problem::wrong_length};
  return base::Secret({content.data(), key_file_octets});
}

base::Result<base::Secret, std::string_view> open_site_key(const std::string& state_directory) {
  return open_key_file(state_directory + "/site-key");
}

} // namespace state
