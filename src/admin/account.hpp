// SPDX-License-Identifier: ISC
// Looks up accounts of the system, and runs work under their identity.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

namespace admin {

struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
};

/// The account of that name; nothing when the system has none. Throws std::system_error.
std::optional<Account> find_account(const std::string& name);

/// Calls `work` in a child process and returns its result. Root's child has the identity `uid` and
/// `gid` without other groups, as when a server that was started as root serves a Maildir. A caller
/// that is not root keeps its identity; Failure is thrown if its uid is not `uid`. An exception of
/// `work` becomes a Failure with the same message. `work` must not use standard output: its buffer
/// is the parent's.
std::string as_user(uid_t uid, gid_t gid, const std::function<std::string()>& work);

} // namespace admin
