// SPDX-License-Identifier: ISC
// The list of open sessions, and proof of which process is whose. The records are written by users'
// own processes, so that nothing in them is believed but as words to print.
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
  dev_t device = 0; ///< Of its file in the list.
  ino_t inode = 0;
};

/// The sessions whose file is locked, which lasts as long as their process, in the order of their
/// beginning; at most state::session_places. A locked file that holds no well-formed record is told
/// to `on_bad_record`. Throws std::system_error when the list cannot be read; one that does not
/// exist is empty.
std::vector<OpenSession>
open_sessions(const config::Settings& settings,
              const std::function<void(const std::string& path)>& on_bad_record);

/// A process that can be signalled and awaited whatever becomes of its number (pidfd_open(2)).
/// Empty unless the kernel's list of locks says that the process of the session's record is the one
/// that holds that very file: a record may name any process, and one that has ended may have left
/// its number to another.
base::UniqueFd process_of(const OpenSession& session);

} // namespace admin
