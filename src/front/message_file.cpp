// SPDX-License-Identifier: ISC
#include "front/message_file.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace front {

namespace {

// The C library's fstat makes a system call that takes a path. The front's filter has no such call.
struct stat facts_of(int fd) {
  struct stat facts {};
  base::check(syscall(SYS_fstat, fd, &facts), "fstat");
  return facts;
}

bool is_same(const timespec& one, const timespec& other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

} // namespace

MessageFile::MessageFile(base::UniqueFd fd, std::uint64_t length, const timespec& modified,
                         OnSent on_sent, OnFailed on_failed)
    : fd_(std::move(fd)), length_(length), left_(length), modified_(modified),
      on_sent_(std::move(on_sent)), on_failed_(std::move(on_failed)) {}

bool MessageFile::is_as_opened() const {
  const auto now = facts_of(fd_.get());
  return now.st_nlink > 0 && is_same(now.st_mtim, modified_);
}

/// Looks for a write. A write and touch(1) both set a new time of last modification; touch(1) alone
/// sets the time of last access to the same in one go. So does a write in the same tick of the
/// clock as a read of this process, so that the time of the last read is noted.
void MessageFile::look() {
  const auto now = facts_of(fd_.get());
  if (is_same(now.st_mtim, modified_))
    return;
  const bool is_touched = is_same(now.st_mtim, now.st_atim) && !is_same(now.st_atim, accessed_) &&
                          static_cast<std::uint64_t>(now.st_size) == length_;
  if (is_touched)
    modified_ = now.st_mtim;
  else
    is_written_ = true;
}

std::size_t MessageFile::read(std::span<char> space) {
  if (left_ < length_ || left_ == 0)
    look();
  if (left_ == 0) {
    if (is_written_)
      throw pop3::MessageChanged();
    return 0;
  }
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(space.size(), left_));
  const auto octets = ::read(fd_.get(), space.data(), wanted);
  if (octets < 0)
    fail({.error = errno});
  if (octets == 0)
    throw pop3::MessageChanged();
  const auto size = static_cast<std::size_t>(octets);
  if (!std::exchange(has_begun_, true))
    if (const auto coding = pop3::coding_of({space.data(), size}); coding != pop3::Coding::none)
      fail({.coding = coding});
  left_ -= size;
  if (left_ > 0) // what one read has got is in one piece
    accessed_ = facts_of(fd_.get()).st_atim;
  return size;
}

void MessageFile::fail(const Failure& failure) const {
  using Kind = pop3::StoreFailure::Kind;
  on_failed_(failure);
  throw pop3::StoreFailure(failure.error != 0 ? Kind::temporary : Kind::coded);
}

} // namespace front
