// SPDX-License-Identifier: ISC
// Changes the user and group of a process and gives up root for good.
#pragma once

#include "base/account.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace sandbox {

/// The identity of `account`, which the front runs as. Throws std::runtime_error when there is no
/// such account or when it is root's.
base::Identity front_identity(const std::string& account);

/// Gives the calling process, which must be root, the user and the one group of `who` and
/// no capability, and checks that it cannot become root again. Throws std::system_error, or
/// std::runtime_error when `who` is root or the check fails; the process must then end.
void become(const base::Identity& who);

/// Opens the directory `path` with the rights of `who`, and makes it the root directory of the
/// calling process, which must be root. become() has to follow in any case. Refuses with the errno
/// of open(2). Throws std::system_error when another call fails.
base::Result<base::UniqueFd, int> enter_directory(const std::string& path,
                                                  const base::Identity& who);

/// Runs in a child of the monitor. If there is an `account`, makes the empty directory `root` the
/// root directory and becomes the account. Then has the kernel kill the process when its parent
/// ends; become() would clear this setting. Ends the process when the parent is not `monitor` any
/// more. Throws as enter_empty_root() and become() do.
void enter_account(const std::optional<base::Identity>& account, const std::string& root,
                   pid_t monitor);

/// Gives up all capabilities but those whose bits are set in `kept` (1 << CAP_KILL, for example).
/// A process that was never root may have been started with some. Throws std::system_error.
void drop_capabilities(std::uint32_t kept = 0);

/// Opens the empty directory `path`, which is to be a root directory. Throws std::system_error, or
/// std::runtime_error when the directory is not root's, is writable by others or is not empty.
base::UniqueFd open_empty_root(const std::string& path);

/// Makes the empty directory `path` the root directory of the calling process, which must be root.
/// Throws as open_empty_root() does.
void enter_empty_root(const std::string& path);

} // namespace sandbox
