// SPDX-License-Identifier: ISC
#include "state/octet_lock.hpp"

#include "base/digest.hpp"
#include "base/system_error.hpp"

#include <cassert>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace state {

namespace {

/// A length of 0 is all octets from the first on.
int set_lock(int fd, int command, short type, off_t octet, off_t length = 1) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = octet;
  lock.l_len = length;
  return ::fcntl(fd, command, &lock);
}

} // namespace

base::UniqueFd open_lock_file(const std::string& path) {
  return base::UniqueFd(
      base::check(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), path));
}

bool try_lock(int fd, off_t octet) {
  if (set_lock(fd, F_OFD_SETLK, F_WRLCK, octet) == 0)
    return true;
  if (errno != EAGAIN && errno != EACCES && errno != EINTR)
    base::throw_errno("lock an octet");
  return false;
}

std::optional<unsigned> lock_one_of(int fd, off_t first, unsigned count) {
  const auto start = static_cast<unsigned>(::getpid()) % count;
  for (unsigned i = 0; i < count; ++i)
    if (const unsigned index = (start + i) % count; try_lock(fd, first + off_t{index}))
      return index;
  return {};
}

bool wait_for_lock(int fd, off_t octet) {
  if (set_lock(fd, F_OFD_SETLKW, F_WRLCK, octet) == 0)
    return true;
  if (errno != EINTR)
    base::throw_errno("wait for the lock of an octet");
  return false;
}

void share_lock(int fd, off_t octet) {
  base::check(set_lock(fd, F_OFD_SETLK, F_RDLCK, octet), "share the lock of an octet");
}

void unlock(int fd, off_t octet) {
  base::check(set_lock(fd, F_OFD_SETLK, F_UNLCK, octet), "unlock an octet");
}

void unlock_from(int fd, off_t octet) {
  base::check(set_lock(fd, F_OFD_SETLK, F_UNLCK, octet, 0), "unlock octets");
}

static_assert(sizeof(off_t) == sizeof(std::uint64_t));

off_t octet_range(std::string_view name, std::uint64_t width) {
  assert(width > 0 && (width & (width - 1)) == 0);
  const auto digest = base::blake2b<32>(name);
  std::uint64_t number;
  std::memcpy(&number, digest.data(), sizeof number);
  const std::uint64_t ranges = (std::uint64_t{1} << 63) / width;
  return static_cast<off_t>(number % ranges * width);
}

} // namespace state
