// SPDX-License-Identifier: ISC
// Accounts of the system, and work done under their identity.
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

/// Nothing when the system knows no such account. Throws std::system_error.
std::optional<Account> find_account(const std::string& name);

/// Calls `work` in a child process that is `uid` and `gid` with no further group, as a server that
/// was started as root serves a Maildir, and gives back what it gave. A process that is not root
/// stays what it is, and it throws Failure when that is not `uid`. What `work` throws comes back as
/// a Failure with the same words. The child must not use standard output: its buffer is the
/// parent's.
std::string as_user(uid_t uid, gid_t gid, const std::function<std::string()>& work);

} // namespace admin
