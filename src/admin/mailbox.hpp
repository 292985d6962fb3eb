// SPDX-License-Identifier: ISC
// Makes and inspects Maildirs with the identity of the caller. Root must call these functions
// through as_user: a path under a user's control may lead anywhere.
#pragma once

#include <string>

namespace admin {

/// Makes `path` with cur, new and tmp, all of mode 0700, and the directories above it that are
/// missing. Existing directories stay as they are. Throws std::system_error if the Maildir is not
/// usable at the end.
void create_maildir(const std::string& path);

/// True if cur, new and tmp are directories below `path` that the caller may list, change and
/// enter; false if there is nothing at `path`. Throws std::system_error otherwise, with a message
/// that begins with a path.
bool has_maildir(const std::string& path);

} // namespace admin
