// SPDX-License-Identifier: ISC
// Looks up accounts of the system, and runs work in child processes and under other identities.
#pragma once

#include "admin/failure.hpp"
#include "base/account.hpp"
#include "base/unique_fd.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace admin {

/// The account of that name that the name services of the system have, such as /etc/passwd or LDAP;
/// nothing when they have none. Throws std::system_error.
std::optional<base::Account> find_account(const std::string& name);

/// The kernel has no such uid or gid: in a user namespace that has not mapped it.
class NoSuchIdentity : public Failure {
 public:
  explicit NoSuchIdentity(const base::Identity& who)
      : Failure("this kernel or container has no uid " + std::to_string(who.uid) + " or no gid " +
                std::to_string(who.gid)) {}
};

/// The time for work under another identity, which a slow disk does in less than a second.
inline constexpr std::chrono::seconds longest_work{10};

/// Work that a child process does from the constructor on. `work` must not use standard output: it
/// is the pipe of the result, and its buffer is the parent's.
class WorkInChild {
 public:
  /// After `limit` from now the child is killed.
  WorkInChild(const std::function<std::string()>& work, std::chrono::milliseconds limit);
  WorkInChild(const WorkInChild&) = delete;
  WorkInChild& operator=(const WorkInChild&) = delete;
  /// Kills a child that has not given its result.
  ~WorkInChild();

  /// Waits for what `work` has returned; call it once. An exception of `work` becomes a Failure
  /// with the same message. Failure is thrown, too, after the limit, and when the child was killed.
  std::string result();

 private:
  std::chrono::steady_clock::time_point deadline_;
  base::UniqueFd pipe_;
  pid_t child_ = -1;
};

/// Calls `work` in a child process and returns its result. Root's child has the identity `who`
/// without other groups, as when a server that was started as root serves a Maildir. A caller that
/// is not root keeps its identity; Failure is thrown if its uid is not that of `who`. Throws as
/// WorkInChild::result(). The user's other processes can stop or kill the child, and a file system
/// of theirs can hold it.
std::string as_user(const base::Identity& who, const std::function<std::string()>& work,
                    std::chrono::milliseconds limit = longest_work);

/// Root's process has the effective identity `who`, without other groups, while this object lives:
/// the kernel checks permissions by it. Other processes of the user can neither stop nor trace the
/// process. Nothing changes for a caller that is not root. For child processes only: if it cannot
/// become root again, it is ended.
class ActingAs {
 public:
  /// Throws NoSuchIdentity, std::system_error.
  explicit ActingAs(const base::Identity& who);
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;
  ~ActingAs();

 private:
  bool is_root_;
};

} // namespace admin
