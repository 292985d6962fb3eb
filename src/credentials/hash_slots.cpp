// SPDX-License-Identifier: ISC
#include "credentials/hash_slots.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <cassert>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace credentials {

namespace {

constexpr std::chrono::milliseconds pause_between_rounds{10};

struct flock one_byte(short type, unsigned index) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(index);
  lock.l_len = 1;
  return lock;
}

base::UniqueFd open_file(const std::string& path) {
  base::UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd)
    base::throw_errno(path);
  return fd;
}

unsigned processors() {
  return static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

} // namespace

HashSlot::HashSlot(HashSlot&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), index_(other.index_) {}

HashSlot::~HashSlot() {
  if (owner_ != nullptr)
    owner_->release(index_);
}

HashSlots::HashSlots(const std::string& path, unsigned count) : HashSlots(open_file(path), count) {}

HashSlots::HashSlots(base::UniqueFd fd, unsigned count)
    : fd_(std::move(fd)), count_(count > 0 ? count : processors()) {}

std::optional<HashSlot> HashSlots::acquire(Clock::time_point deadline) {
  // The kernel would grant a lock of the same open description again and again.
  assert(!held_);
  const auto first = static_cast<unsigned>(::getpid()) % count_;
  for (;;) {
    for (unsigned i = 0; i < count_; ++i)
      if (const unsigned index = (first + i) % count_; try_lock(index)) {
        held_ = true;
        return HashSlot(*this, index);
      }
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero())
      return {};
    std::this_thread::sleep_for(std::min<Clock::duration>(left, pause_between_rounds));
  }
}

bool HashSlots::try_lock(unsigned index) {
  auto lock = one_byte(F_WRLCK, index);
  if (::fcntl(fd_.get(), F_OFD_SETLK, &lock) == 0)
    return true;
  if (errno != EAGAIN && errno != EACCES && errno != EINTR)
    base::throw_errno("lock a hash slot");
  return false;
}

void HashSlots::release(unsigned index) noexcept {
  auto lock = one_byte(F_UNLCK, index);
  ::fcntl(fd_.get(), F_OFD_SETLK, &lock);
  held_ = false;
}

} // namespace credentials
