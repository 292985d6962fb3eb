// SPDX-License-Identifier: ISC
// A file that decides who may log in, opened only if nobody but root and this account can have
// written it.
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
  writable_by_others, ///< Mode bits 022: a user could make himself anybody.
  foreign_owner,      ///< Owned by neither root nor the effective uid of this process.
};

std::string_view description(FileProblem problem);

struct TrustedFile {
  base::UniqueFd fd;
  struct stat facts; ///< At the time of opening.

  /// Whether a process of that identity may read the file, or let itself do so because it owns it.
  /// Goes by owner, group and mode.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const;
};

/// Opens `path` for reading and refuses what FileProblem names. Throws std::system_error when it
/// cannot be opened, ENOENT included.
base::Result<TrustedFile, FileProblem> open_trusted(const std::string& path);

/// The same for a descriptor that is open for reading.
base::Result<TrustedFile, FileProblem> trust(base::UniqueFd fd);

} // namespace base
