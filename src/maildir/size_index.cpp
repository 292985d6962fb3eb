// SPDX-License-Identifier: ISC
#include "maildir/size_index.hpp"

#include "base/system_error.hpp"
#include "maildir/index_file.hpp"

#include <unistd.h>

namespace maildir {

namespace {

bool is_worth_a_line(const MessageTable& messages, std::size_t index) {
  const Message& message = messages[index];
  return !message.is_gone && !message.is_unread && !message.is_rewritten &&
         message.octets != Message::unknown &&
         (message.is_indexed || IndexWriter::can_hold(messages.base(index)));
}

} // namespace

/// Whether the message's file is the one that was measured: it has the same inode number, and its
/// folder has not changed since, or its own length and time of modification have not.
bool SizeIndex::is_as_indexed(const Message& message, const IndexEntry& entry,
                              const IndexHeader& header, const Fingerprint& now) {
  if (message.inode != entry.inode)
    return false;
  const auto folder = static_cast<std::size_t>(message.folder);
  if (folders_[folder] != 0 && folders_[folder] == header.folders[folder])
    return true;
  ++asked_;
  return entry.fingerprint != 0 && now(message) == entry.fingerprint;
}

void SizeIndex::load(int maildir, MessageTable& messages, const FolderFingerprints& folders,
                     const Fingerprint& now) {
  folders_ = folders;
  IndexReader index(maildir, key_);
  IndexEntry entry;
  std::size_t at = 0; // index and table have the same order
  const auto base = [&] { return messages.base(at); };
  while (index.next(entry)) {
    while (at < messages.size() && base() != entry.base && precedes(base(), entry.base))
      ++at;
    if (at == messages.size() || base() != entry.base)
      continue;
    Message& message = messages[at++];
    if (!is_as_indexed(message, entry, index.header(), now))
      continue;
    message.octets = entry.octets;
    message.fingerprint = entry.fingerprint;
    message.is_indexed = true;
  }
  if (!index.problem()) {
    lines_ = index.header().count;
    return;
  }
  problem_ = *index.problem();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    messages[i].octets = Message::unknown;
    messages[i].is_indexed = false;
  }
}

void SizeIndex::save(int maildir, const MessageTable& messages) {
  std::uint32_t lines = 0, old = 0;
  for (std::size_t i = 0; i < messages.size(); ++i)
    if (is_worth_a_line(messages, i)) {
      ++lines;
      old += messages[i].is_indexed && !corrected_.contains(i) ? 1 : 0;
    }
  if (lines == old && lines_ - old <= lines_ / 2 && asked_ <= max_asked)
    return;
  try {
    if (lines > 0)
      write(maildir, messages, lines);
    else if (unlinkat(maildir, index_name, 0) != 0 && errno != ENOENT)
      base::throw_errno("cannot remove the index");
  } catch (const std::system_error& error) {
    if (problem_.empty())
      problem_ = error.what();
  }
}

void SizeIndex::write(int maildir, const MessageTable& messages, std::uint32_t lines) const {
  IndexWriter index(maildir, key_, {lines, folders_});
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!is_worth_a_line(messages, i))
      continue;
    const Message& message = messages[i];
    const auto corrected = corrected_.find(i);
    const auto measured = corrected == corrected_.end()
                              ? Measured{message.octets, message.fingerprint}
                              : corrected->second;
    index.add({measured.octets, message.inode, measured.fingerprint, messages.base(i)});
  }
  index.finish();
}

} // namespace maildir
