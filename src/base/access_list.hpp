// SPDX-License-Identifier: ISC
// The POSIX access control list that a file may have beside its mode, acl(5). While there is one,
// the mode's bits for the group are the list's mask, and say nothing about the group.
#pragma once

#include <optional>
#include <span>
#include <sys/types.h>

namespace base {

/// Whether the list of the open file `fd`, whose group is `group`, lets a process read that is not
/// root's and not the owner's. Nothing where the file has no list. A list in a form that is not
/// known counts as one that lets everybody read. Throws std::system_error.
std::optional<bool> list_lets_read(int fd, gid_t group, uid_t reader,
                                   std::span<const gid_t> groups_of_reader);

} // namespace base
