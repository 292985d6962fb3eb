// SPDX-License-Identifier: ISC
#include "maildir/size_index.hpp"

#include "base/system_error.hpp"
#include "maildir/index_file.hpp"

#include <unistd.h>

namespace maildir {

namespace {

bool is_worth_a_line(const MessageTable& messages, std::size_t index) {
  const Message& message = messages[index];
  return !message.is_gone && !message.is_unread && message.octets != Message::unknown &&
         (message.is_indexed || IndexWriter::can_hold(messages.base(index)));
}

} // namespace

void SizeIndex::load(int maildir, MessageTable& messages) {
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
    if (message.inode != entry.inode)
      continue;
    message.octets = entry.octets;
    message.is_indexed = true;
  }
  if (!index.problem()) {
    lines_ = index.count();
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
  if (lines == old && lines_ - old <= lines_ / 2)
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
  IndexWriter index(maildir, key_, lines);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!is_worth_a_line(messages, i))
      continue;
    const auto corrected = corrected_.find(i);
    const auto octets = corrected == corrected_.end() ? messages[i].octets : corrected->second;
    index.add({octets, messages[i].inode, messages.base(i)});
  }
  index.finish();
}

} // namespace maildir
