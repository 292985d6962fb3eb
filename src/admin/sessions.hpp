// SPDX-License-Identifier: ISC
// Reads the list of open sessions and finds the process of each. The records are written by
// processes of the users, and so are treated as hostile: as text to print only.
#pragma once

#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "state/session_record.hpp"

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace admin {

struct OpenSession {
  state::SessionRecord record;
  dev_t device = 0; ///< The mounted file system of its file in the list.
  ino_t inode = 0;
};

/// The sessions whose file is locked, in the order of their beginning; at most
/// state::session_places. The process of a session holds the lock until it ends. `on_bad_record` is
/// called for a locked file without a well-formed record. A list that does not exist is empty.
/// Throws std::system_error when the list cannot be read.
std::vector<OpenSession>
open_sessions(const config::Settings& settings,
              const std::function<void(const std::string& path)>& on_bad_record);

/// A descriptor to signal and await the session's process (pidfd_open(2)): it refers to the same
/// process even if the process number is reused. Empty unless the kernel's list of locks says, in
/// one of five reads within a tenth of a second, that the process named in the record holds the
/// lock of the record's file: a record may name any process, and the number of an ended process may
/// belong to another one. `locks` is that list.
base::UniqueFd process_of(const OpenSession& session, const std::string& locks = "/proc/locks");

} // namespace admin
