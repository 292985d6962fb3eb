// SPDX-License-Identifier: ISC
// A file that says who may log in, and that nobody but its owner can change.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>

namespace credentials {

enum class FileProblem {
  not_regular,        ///< A symbolic link, directory, FIFO or device.
  writable_by_others, ///< Mode bits 022: a user could make himself anybody.
  foreign_owner,      ///< Owned by neither root nor the effective uid of this process.
};

std::string_view sentence(FileProblem problem);

class TrustedFile {
 public:
  /// Opens for reading. Refuses what FileProblem names. Throws std::system_error when `path` cannot
  /// be opened, ENOENT included.
  static base::Result<TrustedFile, FileProblem> open(const std::string& path);
  /// The same for a descriptor that is open for reading.
  static base::Result<TrustedFile, FileProblem> adopt(base::UniqueFd fd);

  /// Whether a process of that identity may read the file, or let itself do so because it owns it.
  /// Goes by owner, group and mode as they were when the file was opened.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const;

  /// Owner, group, mode, inode, size and times at the time of opening.
  const struct stat& facts() const { return facts_; }
  int fd() const { return fd_.get(); }

 private:
  TrustedFile(base::UniqueFd fd, const struct stat& facts) : fd_(std::move(fd)), facts_(facts) {}

  base::UniqueFd fd_;
  struct stat facts_;
};

} // namespace credentials
