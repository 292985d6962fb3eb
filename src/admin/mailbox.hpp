// SPDX-License-Identifier: ISC
// A Maildir as the administrator sees it: made, or looked at. Both as the caller's own identity, so
// that root must call them through as_user: a path in a user's hands may lead anywhere.
#pragma once

#include <string>

namespace admin {

/// Makes `path` with cur, new and tmp, all of mode 0700, and the directories above it that are
/// missing. What is there already stays as it is. Throws when something is missing at the end.
void create_maildir(const std::string& path);

enum class MailboxState { usable, missing, unusable };

struct Mailbox {
  MailboxState state;
  std::string problem; ///< In words that begin with a path; empty when usable.
};

/// Whether cur, new and tmp are directories below `path` that the caller may list, change and
/// enter.
Mailbox inspect_maildir(const std::string& path);

} // namespace admin
