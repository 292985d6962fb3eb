// SPDX-License-Identifier: ISC
// Finds out whether a directory changed while it was listed, by the times that its file system
// keeps.
#pragma once

#include "maildir/folder.hpp"

#include <cstdint>
#include <ctime>

namespace maildir {

/// The time of CLOCK_REALTIME_COARSE, from which the kernel takes the times of files. Read without
/// a system call.
timespec coarse_time();

/// Whether each change of a directory from `now` on (of coarse_time()) gives it another time than
/// `changed`, the time of its last change. Times are as coarse as the kernel's tick; a file system
/// that keeps whole seconds has no nanoseconds. A time more than a second ahead is from a clock
/// that was wrong.
bool is_past(const timespec& changed, const timespec& now);

/// Notes when a directory was last changed: a file came, went, or got another name.
class FolderWatch {
 public:
  /// Throws std::system_error, as may_have_changed() does.
  explicit FolderWatch(int folder);
  /// False when the directory is as it was at the construction.
  bool may_have_changed() const;
  /// A number for the state of the directory at the construction, which no later state has.
  /// Meaningful while may_have_changed() is false.
  std::uint64_t fingerprint() const { return maildir::fingerprint(0, changed_); }

 private:
  int folder_;
  bool is_past_;
  timespec changed_;
};

} // namespace maildir
