// SPDX-License-Identifier: ISC
#include "maildir/attempt.hpp"
#include "maildir/folder.hpp"
#include "maildir/maildir.hpp"
#include "maildir/message_name.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>

namespace maildir {

namespace {

constexpr const char* always_renamed = "a message is renamed again and again";
constexpr const char* other_file = "another file has the name of the message";

} // namespace

Maildir::Outcome Maildir::update(const pop3::Marks& deleted, const pop3::Marks& retrieved,
                                 bool mark_seen, const OnFailure& on_failure) noexcept {
  Outcome outcome;
  step_ = [] {};
  relisted_at_.reset();
  next_search_ = {};
  std::ranges::fill(is_changed_, false);
  for (pop3::MessageNumber number = 1; number <= count(); ++number) {
    if (deleted.has(number)) {
      const auto failure = failure_of([&] { remove(number, outcome); });
      outcome.failed += failure ? 1 : 0;
      if (failure && on_failure)
        attempt([&] { on_failure(number, *failure); });
    } else if (mark_seen && outcome.can_flag && retrieved.has(number)) {
      const auto failure = failure_of([&] { flag_seen(number, outcome); });
      outcome.can_flag = !failure || failure->code() != std::errc::operation_not_supported;
      outcome.unflagged += failure && outcome.can_flag ? 1 : 0;
    }
  }
  outcome.sync_error = sync();
  return outcome;
}

/// Only a name without any file means that the message is gone: in the place of a message that no
/// listing has any more there may be a link or a directory.
void Maildir::remove(pop3::MessageNumber number, Outcome& outcome) {
  if (with_file(number, [&](const Message&) { return try_remove(number, outcome); })) {
    at(number).is_gone = true; // for the index
    ++outcome.removed;
    return;
  }
  if (!at(number).is_gone)
    base::throw_errno(always_renamed, EAGAIN);
  if (facts_in_place(at(number)))
    base::throw_errno(other_file, EEXIST);
  ++outcome.gone;
}

/// False when the message is not in its place.
bool Maildir::try_remove(pop3::MessageNumber number, Outcome& outcome) {
  const Message& message = at(number);
  const auto facts = facts_in_place(message);
  if (!facts || (!may_remove(number, *facts) && !relisted_at_))
    return false;
  if (!may_remove(number, *facts))
    base::throw_errno(other_file, EEXIST);
  if (!found_file(unlinkat(folder_fd(message.folder), path(message), 0) == 0,
                  "cannot remove a message"))
    return false;
  changed(message.folder) = true;
  const bool is_known = message.octets != Message::unknown; // else the client never asked for it
  outcome.removed_octets += is_known ? message.octets : static_cast<std::uint64_t>(facts->st_size);
  return true;
}

/// What is now in the place where the message was last; nothing if there is nothing.
std::optional<struct stat> Maildir::facts_in_place(const Message& message) const {
  struct stat facts {};
  const int result = fstatat(folder_fd(message.folder), path(message), &facts, AT_SYMLINK_NOFOLLOW);
  return found_file(result == 0, "cannot look at a message") ? std::optional(facts) : std::nullopt;
}

/// On some file systems (FUSE, overlayfs) a directory has other inode numbers than stat(2). There a
/// file that was never opened is the one that was listed if a new listing has the same number, and
/// if the file has not got its place, or any other change, since then.
bool Maildir::may_remove(pop3::MessageNumber number, const struct stat& facts) const {
  const bool is_as_listed = relisted_at_ && is_before(facts.st_ctim, *relisted_at_) &&
                            !at(number).is_rewritten && !shown_.contains(number);
  return S_ISREG(facts.st_mode) && (is_shown(number, facts.st_ino) || is_as_listed);
}

/// A file that has taken the message's place meanwhile was not seen, and stays without the flag.
void Maildir::flag_seen(pop3::MessageNumber message, Outcome& outcome) {
  const bool done = with_file(message, [&](const Message& where) {
    const std::string file_name(messages_.name(where));
    const auto seen = seen_name(file_name);
    if (where.folder == Folder::cur_messages && seen == file_name)
      return true;
    const auto facts = facts_in_place(where);
    if (!facts)
      return false;
    if (!is_shown(message, facts->st_ino))
      return true;
    if (!found_file(rename_without_loss(folder_fd(where.folder), file_name.c_str(),
                                        folder_fd(Folder::cur_messages), seen.c_str()),
                    "cannot flag a message"))
      return false;
    changed(Folder::cur_messages) = changed(where.folder) = true;
    ++outcome.flagged;
    return true;
  });
  if (!done && !at(message).is_gone)
    base::throw_errno(always_renamed, EAGAIN);
}

/// Syncs the folders that were changed, and gives the errno of a failure, or 0. On a file system
/// without a journal a flagged message would else be in neither folder after a power loss: its
/// removal from new/ must not be on disk before its name in cur/ is. So new/ is not synced when
/// cur/ failed. fsync(2) is not tried again: a second call succeeds without having written
/// anything.
int Maildir::sync() {
  for (const auto folder : {Folder::cur_messages, Folder::new_messages})
    if (changed(folder) && fsync(folder_fd(folder)) != 0 && errno != EINVAL)
      return errno; // EINVAL: a file system that syncs no directories
  return 0;
}

} // namespace maildir
