// SPDX-License-Identifier: ISC
#include "state/slot_locks.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace state {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause_between_rounds{10};

int set_lock(int fd, short type, off_t octet) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = octet;
  lock.l_len = 1;
  return ::fcntl(fd, F_OFD_SETLK, &lock);
}

bool try_lock(int fd, off_t octet) {
  if (set_lock(fd, F_WRLCK, octet) == 0)
    return true;
  if (errno != EAGAIN && errno != EACCES && errno != EINTR)
    base::throw_errno("lock a slot");
  return false;
}

} // namespace

base::UniqueFd open_slots(const std::string& path) {
  base::UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd)
    base::throw_errno(path);
  return fd;
}

std::optional<unsigned> lock_slot(int fd, off_t first, unsigned count, Clock::time_point deadline) {
  // Processes begin at different slots.
  const auto start = static_cast<unsigned>(::getpid()) % count;
  for (;;) {
    for (unsigned i = 0; i < count; ++i)
      if (const unsigned index = (start + i) % count; try_lock(fd, first + off_t{index}))
        return index;
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero())
      return {};
    std::this_thread::sleep_for(std::min<Clock::duration>(left, pause_between_rounds));
  }
}

void share_slot(int fd, off_t octet) {
  base::check(set_lock(fd, F_RDLCK, octet), "share a slot");
}

} // namespace state
