// SPDX-License-Identifier: ISC
#include "maildir/folder_watch.hpp"

#include "base/system_error.hpp"

#include <sys/stat.h>
#include <tuple>

namespace maildir {

namespace {

/// The time of change, not of modification: a program can set the latter.
timespec last_change(int folder) {
  struct stat facts {};
  base::check(fstat(folder, &facts), "cannot look at the Maildir");
  return facts.st_ctim;
}

} // namespace

timespec coarse_time() {
  timespec now{};
  base::check(clock_gettime(CLOCK_REALTIME_COARSE, &now), "clock_gettime");
  return now;
}

bool is_past(const timespec& changed, const timespec& now) {
  const auto nanoseconds = changed.tv_nsec == 0 ? 0 : now.tv_nsec;
  return std::tie(changed.tv_sec, changed.tv_nsec) < std::tie(now.tv_sec, nanoseconds) ||
         changed.tv_sec > now.tv_sec + 1;
}

FolderWatch::FolderWatch(int folder) : folder_(folder) {
  const auto now = coarse_time(); // before the look, so that a change after the look is not earlier
  changed_ = last_change(folder);
  is_past_ = is_past(changed_, now);
}

bool FolderWatch::may_have_changed() const {
  const auto changed = last_change(folder_);
  return !is_past_ || changed.tv_sec != changed_.tv_sec || changed.tv_nsec != changed_.tv_nsec;
}

} // namespace maildir
