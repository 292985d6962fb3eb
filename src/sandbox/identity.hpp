// SPDX-License-Identifier: ISC
// Who a process is: giving up root for good.
#pragma once

#include "base/account.hpp"

#include <string>
#include <sys/types.h>

namespace sandbox {

/// The account that the front runs as. Throws std::runtime_error when there is none, or when it is
/// root's.
base::Identity front_identity(const std::string& account);

/// Makes the calling process, which must be root, `who` with that one group and no capability, and
/// proves that there is no way back. Throws std::system_error, or std::runtime_error when the proof
/// fails; the process must then end.
void become(const base::Identity& who);

/// For a process that was never root: gives up what capabilities it may have been started with.
/// Throws std::system_error.
void drop_capabilities();

/// Makes the empty directory `path` the root of the calling process, which must be root. Throws
/// std::system_error, or std::runtime_error when it is not root's, writable by others or not empty.
void enter_empty_root(const std::string& path);

} // namespace sandbox
