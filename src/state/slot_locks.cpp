// SPDX-License-Identifier: ISC
#include "state/slot_locks.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <fcntl.h>
#include <sodium/crypto_generichash.h>
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

void unlock_slot(int fd, off_t octet) noexcept {
  set_lock(fd, F_UNLCK, octet);
}

static_assert(sizeof(off_t) == sizeof(std::uint64_t));

off_t slot_range(std::string_view name, std::uint64_t width) {
  assert(width > 0 && (width & (width - 1)) == 0);
  std::array<unsigned char, crypto_generichash_BYTES> digest;
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(name.data()), name.size(), nullptr, 0);
  std::uint64_t number;
  std::memcpy(&number, digest.data(), sizeof number);
  const std::uint64_t ranges = (std::uint64_t{1} << 63) / width;
  return static_cast<off_t>(number % ranges * width);
}

std::optional<base::UniqueFd> hold_slot(const std::string& path, off_t first, unsigned count,
                                        Clock::time_point deadline) {
  const base::UniqueFd claim = open_slots(path);
  const auto index = lock_slot(claim.get(), first, count, deadline);
  if (!index)
    return {};
  base::UniqueFd held(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!held)
    base::throw_errno(path);
  // An exclusive lock needs a writable descriptor. To keep out processes that want an exclusive
  // lock, a shared one is enough. The octet is locked at all times.
  share_slot(claim.get(), first + off_t{*index});
  share_slot(held.get(), first + off_t{*index});
  return held;
}

} // namespace state
