// SPDX-License-Identifier: ISC
#include "maildir/attempt.hpp"
#include "maildir/folder.hpp"
#include "maildir/maildir.hpp"
#include "maildir/message_name.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace maildir {

Maildir::Outcome Maildir::update(const pop3::Marks& deleted, const pop3::Marks& retrieved,
                                 bool mark_seen) noexcept {
  Outcome outcome;
  bool changed = false;
  for (pop3::MessageNumber number = 1; number <= count(); ++number) {
    if (deleted.has(number)) {
      changed = true;
      const bool removed = attempted([&] { return remove(number, outcome); });
      ++(removed ? outcome.removed : outcome.failed);
    } else if (mark_seen && retrieved.has(number)) {
      changed = true;
      outcome.unflagged += attempted([&] { return flag_seen(number); }) ? 0 : 1;
    }
  }
  outcome.is_synced = !changed || sync();
  return outcome;
}

bool Maildir::remove(pop3::MessageNumber message, Outcome& outcome) {
  if (with_file(message, [&](const Message& where) { return try_remove(where, outcome); }))
    at(message).is_gone = true; // for the index
  return at(message).is_gone;
}

/// False when the file is no longer in its place.
bool Maildir::try_remove(const Message& message, Outcome& outcome) const {
  const int folder = folder_fd(message.folder);
  struct stat facts {};
  auto octets = message.octets;
  if (octets == Message::unknown) // the client never asked for it
    octets = fstatat(folder, path(message), &facts, AT_SYMLINK_NOFOLLOW) == 0
                 ? static_cast<std::uint64_t>(facts.st_size)
                 : 0;
  if (!found_file(unlinkat(folder, path(message), 0) == 0, "cannot remove a message"))
    return false;
  outcome.removed_octets += octets;
  return true;
}

bool Maildir::flag_seen(pop3::MessageNumber message) {
  const bool done = with_file(message, [&](const Message& where) {
    const std::string file_name(messages_.name(where));
    const auto seen = seen_name(file_name);
    return (where.folder == Folder::cur_messages && seen == file_name) ||
           found_file(rename_without_loss(folder_fd(where.folder), file_name.c_str(),
                                          folder_fd(Folder::cur_messages), seen.c_str()),
                      "cannot flag a message");
  });
  return done || at(message).is_gone;
}

bool Maildir::sync() const {
  bool synced = true;
  for (const auto& folder : folders_) // EINVAL: a file system that syncs no directories
    synced = (fsync(folder.get()) == 0 || errno == EINVAL) && synced;
  return synced;
}

} // namespace maildir
