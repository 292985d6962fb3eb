// SPDX-License-Identifier: ISC
// Whether a name still leads to a file that was opened: it may have been replaced or removed since.
#pragma once

#include <fcntl.h>
#include <string>
#include <sys/stat.h>

namespace base {

/// Whether `path`, seen from `directory` unless it is absolute, is the name of the open file `fd`.
/// A symbolic link is not followed. False also when either cannot be examined.
inline bool is_named(int fd, const std::string& path, int directory = AT_FDCWD) {
  struct stat ours, named;
  return ::fstat(fd, &ours) == 0 &&
         ::fstatat(directory, path.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

} // namespace base
