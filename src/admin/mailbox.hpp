// SPDX-License-Identifier: ISC
// Makes and inspects Maildirs with the identity of the caller. Root must call these functions
// through as_user: a path under a user's control may lead anywhere.
#pragma once

#include <string>

namespace admin {

/// Makes `path` with cur, new and tmp, all of mode 0700, and the directories above it that are
/// missing. Existing directories stay as they are. Throws Failure if the Maildir is not usable at
/// the end.
void create_maildir(const std::string& path);

enum class MailboxState { usable, missing, unusable };

struct Mailbox {
  MailboxState state;
  std::string problem; ///< Begins with a path; empty when usable.
};

/// Whether cur, new and tmp are directories below `path` that the caller may list, change and
/// enter.
Mailbox inspect_maildir(const std::string& path);

} // namespace admin
