// SPDX-License-Identifier: ISC
// Looks at the files of a Maildir, and at those beside its messages, without reading more than
// their beginnings.
#pragma once

#include <cstddef>
#include <string>

namespace admin {

/// Messages of cur, and as many of new, at whose first octets coded_messages() looks.
constexpr std::size_t most_messages = 20;
/// Folders in which files_beside() counts messages, and how far it counts.
constexpr std::size_t most_folders = 20, most_counted = 10'000;
/// Files directly in the Maildir at whose first octets it looks.
constexpr std::size_t most_stray_files = 20;

/// True for a regular file that begins as mbox files do, with `From ` (RFC 4155).
bool begins_like_mbox(const std::string& path);

/// Looks at the first messages of cur and new, in the order of the directories. Says how many are
/// compressed or encrypted; empty when none is.
std::string coded_messages(const std::string& maildir);

struct FilesBeside {
  std::size_t messages = 0; ///< Files directly in the Maildir that begin as messages do.
  std::string first_message;
  std::size_t in_folders = 0; ///< Messages in further folders, such as `.Sent`.
  std::string first_folder;
};

/// What no POP3 client sees. A folder is a directory with cur or new in it.
FilesBeside files_beside(const std::string& maildir);

} // namespace admin
