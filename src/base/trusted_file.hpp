// SPDX-License-Identifier: ISC
// Opens a file that decides who may log in, and refuses it unless only root and the account of this
// process can have written it.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>

namespace base {

enum class FileProblem {
  not_regular,        ///< A symbolic link, directory, FIFO or device.
  writable_by_others, ///< Mode bits 022: a user could make himself any other user.
  foreign_owner,      ///< Owned by neither root nor the effective uid of this process.
};

std::string_view description(FileProblem problem);

struct TrustedFile {
  UniqueFd fd;
  struct stat facts; ///< At the time of opening.

  /// True when a process of that identity may read the file, or can make it readable because it
  /// owns the file. Looks at owner, group, mode and access control list, not at the directories
  /// above. Throws std::system_error.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const;
};

/// Opens `path` for reading. Refuses a file with a FileProblem. Throws std::system_error when it
/// cannot be opened, also with ENOENT.
Result<TrustedFile, FileProblem> open_trusted(const std::string& path);

/// Makes the same checks for a descriptor that is open for reading.
Result<TrustedFile, FileProblem> trust(UniqueFd fd);

} // namespace base
