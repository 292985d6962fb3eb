// SPDX-License-Identifier: ISC
// One session at a time: a lock that the kernel holds for us and that dies with the process.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace maildir {

/// Who holds a maildrop, as far as the lock file tells: it is the user's and may say anything.
struct Holder {
  std::int64_t since = 0; ///< Seconds since 1970; 0 when unknown.
  std::string from;       ///< An IP address; empty when unknown.
};

/// An open file description lock on `sodapop.lock` in the Maildir, which works on local disks as on
/// network file systems and needs no clean-up after a crash, and flock(2) on the Maildir itself,
/// which works where the file cannot be created (a read-only or full disk). Both are taken as far
/// as they can be had, so that sessions exclude each other whatever the disk's state was at the
/// time. The locks belong to open descriptions: the process that acquires them must not fork while
/// it holds them.
class MaildropLock {
 public:
  /// Tries until `wait` is over, then gives the holder. `from` is left in the file for others to
  /// read. Throws std::system_error when no lock of either kind can be had.
  static base::Result<MaildropLock, Holder> acquire(int maildir, std::chrono::milliseconds wait,
                                                    std::string_view from);

 private:
  MaildropLock(base::UniqueFd directory, base::UniqueFd file)
      : directory_(std::move(directory)), file_(std::move(file)) {}

  base::UniqueFd directory_;
  base::UniqueFd file_; // empty where it could not be created
};

/// The line that a lock file holds, read and written.
Holder parse_holder(std::string_view line);
std::string format_holder(const Holder& holder);

} // namespace maildir
