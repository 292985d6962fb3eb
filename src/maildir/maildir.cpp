// SPDX-License-Identifier: ISC
#include "maildir/maildir.hpp"

#include "base/system_error.hpp"
#include "maildir/folder.hpp"
#include "maildir/message_name.hpp"
#include "maildir/wire_size.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/stat.h>

namespace maildir {

namespace {

constexpr std::size_t read_block = 128 * 1024;

/// What `action` gives, false when it throws: one message must not keep the others from UPDATE.
template <class Action> bool attempted(const Action& action) {
  try {
    return action();
  } catch (const std::exception&) {
    return false;
  }
}

} // namespace

base::Result<Maildir, Maildir::Problem> Maildir::open(base::UniqueFd root) {
  auto new_fd = open_folder(root.get(), "new");
  auto cur_fd = new_fd ? open_folder(root.get(), "cur") : base::UniqueFd();
  if (new_fd && cur_fd)
    return Maildir(std::move(root), std::move(new_fd), std::move(cur_fd));
  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
    return base::Refused{Problem::no_maildir};
  if (errno == EACCES || errno == EPERM)
    return base::Refused{Problem::inaccessible};
  base::throw_errno("cannot open the Maildir");
}

Maildir::Maildir(base::UniqueFd root, base::UniqueFd new_fd, base::UniqueFd cur_fd)
    : root_(std::move(root)), folders_{std::move(new_fd), std::move(cur_fd)} {}

std::string_view Maildir::name(const Message& message) const {
  return std::string_view(names_).substr(message.name_offset, message.name_length);
}

std::string_view Maildir::base(const Message& message) const {
  return std::string_view(names_).substr(message.name_offset, message.base_length);
}

void Maildir::scan() {
  names_.clear();
  messages_.clear();
  // A message on its way from new/ to cur/ is met once or twice in this order, but never missed.
  for (const Folder folder : {new_folder, cur_folder})
    for_each_file(folder_fd(folder), [&](std::string_view file_name) { add(file_name, folder); });
  sort();
}

Maildir::Message Maildir::stored(std::string& names, std::string_view file_name, Folder folder) {
  if (names.size() + file_name.size() > max_names_octets) {
    errno = E2BIG;
    base::throw_errno("too many messages");
  }
  const auto offset = static_cast<std::uint32_t>(names.size());
  names += file_name;
  return {offset,
          static_cast<std::uint8_t>(file_name.size()),
          static_cast<std::uint8_t>(base_name(file_name).size()),
          folder,
          false,
          unknown};
}

void Maildir::add(std::string_view file_name, Folder folder) {
  if (messages_.size() == max_messages) {
    errno = E2BIG;
    base::throw_errno("too many messages");
  }
  messages_.push_back(stored(names_, file_name, folder));
}

void Maildir::sort() {
  for (auto& message : messages_) // the leading number, until the sizes are known
    message.octets = leading_number(name(message));
  const auto before = [this](const Message& a, const Message& b) {
    return a.octets != b.octets ? a.octets < b.octets : base(a) < base(b);
  };
  std::stable_sort(messages_.begin(), messages_.end(), before);
  // Met in new/ and in cur/, or under two sets of flags: one message, as there is one unique-id.
  // The last one met is the newest name.
  const auto same = [this](const Message& a, const Message& b) { return base(a) == base(b); };
  const auto kept = std::unique(messages_.rbegin(), messages_.rend(), same);
  messages_.erase(messages_.begin(), kept.base());
  for (auto& message : messages_)
    message.octets = unknown;
}

Maildir::Message* Maildir::find(std::string_view file_name) {
  const auto found = std::lower_bound(
      messages_.begin(), messages_.end(), file_name,
      [this](const Message& a, std::string_view b) { return precedes(base(a), b); });
  const bool is_it = found != messages_.end() && base(*found) == base_name(file_name);
  return is_it ? &*found : nullptr;
}

/// Looks where every message is now. All at once, so that a program that renames everything costs
/// one listing, not one a message.
void Maildir::relocate() {
  std::string names;
  auto messages = messages_;
  for (auto& message : messages)
    message.is_gone = true;
  for (const Folder folder : {new_folder, cur_folder})
    for_each_file(folder_fd(folder), [&](std::string_view file_name) {
      if (const Message* known = find(file_name)) {
        auto& message = messages[static_cast<std::size_t>(known - messages_.data())];
        const auto octets = message.octets;
        message = stored(names, file_name, folder);
        message.octets = octets;
      }
    });
  for (std::size_t i = 0; i < messages.size(); ++i)
    if (messages[i].is_gone) { // its unique-id is still needed
      const auto octets = messages[i].octets;
      messages[i] = stored(names, base(messages_[i]), messages_[i].folder);
      messages[i].octets = octets;
      messages[i].is_gone = true;
    }
  names_ = std::move(names);
  messages_ = std::move(messages);
}

/// Does `action` to the file of `message`, a second time after a search when it was not there.
/// False when the message is gone; `action` gives whether it met the file.
template <class Action> bool Maildir::with_file(Message& message, const Action& action) {
  if (message.is_gone)
    return false;
  if (action(message))
    return true;
  const auto index = &message - messages_.data();
  relocate();
  Message& moved = messages_[static_cast<std::size_t>(index)];
  if (!moved.is_gone && action(moved))
    return true;
  moved.is_gone = true;
  return false;
}

pop3::Octets Maildir::octets(pop3::MessageNumber message) {
  if (at(message).octets == unknown) {
    const auto size = measure(message);
    at(message).octets = size;
  }
  return at(message).octets;
}

std::uint64_t Maildir::measure(pop3::MessageNumber message) {
  static std::array<char, read_block> block;
  WireSize size;
  try {
    const auto opened = open_message(message);
    if (!opened.fd)
      return 0;
    // What is appended meanwhile is not sent either.
    for (auto left = opened.length; left > 0;) {
      const auto wanted = std::min<std::uint64_t>(left, block.size());
      const auto octets = base::check(read(opened.fd.get(), block.data(), wanted), "read");
      if (octets == 0)
        break;
      size.add({block.data(), static_cast<std::size_t>(octets)});
      left -= static_cast<std::uint64_t>(octets);
    }
    return size.octets();
  } catch (const std::system_error&) {
    return 0; // one bad file does not close the maildrop; RETR tells what is wrong with it
  }
}

std::string Maildir::unique_id(pop3::MessageNumber message) const {
  return maildir::unique_id(base(at(message)));
}

OpenMessage Maildir::open_message(pop3::MessageNumber message) {
  OpenMessage opened;
  with_file(at(message), [&](const Message& where) {
    opened = try_open(where);
    return static_cast<bool>(opened.fd);
  });
  return opened;
}

OpenMessage Maildir::try_open(const Message& message) const {
  const std::string file_name(name(message));
  base::UniqueFd fd(openat(folder_fd(message.folder), file_name.c_str(),
                           O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
    return {};
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0)
    base::throw_errno("cannot open a message");
  if (!S_ISREG(facts.st_mode))
    return {};
  if (static_cast<std::uint64_t>(facts.st_size) > max_message_octets) {
    errno = EFBIG;
    base::throw_errno("message too large");
  }
  return {std::move(fd), static_cast<std::uint64_t>(facts.st_size)};
}

Maildir::Outcome Maildir::update(const pop3::Marks& deleted, const pop3::Marks& retrieved,
                                 bool mark_seen) noexcept {
  Outcome outcome;
  bool changed = false;
  for (pop3::MessageNumber number = 1; number <= count(); ++number) {
    if (deleted.has(number)) {
      changed = true;
      const bool removed = attempted([&] { return remove(at(number), outcome); });
      ++(removed ? outcome.removed : outcome.failed);
    } else if (mark_seen && retrieved.has(number)) {
      changed = true;
      outcome.unflagged += attempted([&] { return flag_seen(at(number)); }) ? 0 : 1;
    }
  }
  outcome.is_synced = !changed || sync();
  return outcome;
}

bool Maildir::remove(Message& message, Outcome& outcome) {
  bool failed = false;
  with_file(message, [&](const Message& where) {
    const std::string file_name(name(where));
    struct stat facts {};
    if (fstatat(folder_fd(where.folder), file_name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
        unlinkat(folder_fd(where.folder), file_name.c_str(), 0) == 0) {
      outcome.removed_octets += static_cast<std::uint64_t>(facts.st_size);
      return true;
    }
    failed = errno != ENOENT;
    return failed;
  });
  return !failed;
}

bool Maildir::flag_seen(Message& message) {
  bool done = false;
  const bool met = with_file(message, [&](const Message& where) {
    const std::string file_name(name(where));
    const auto seen = seen_name(file_name);
    done = (where.folder == cur_folder && seen == file_name) ||
           rename_without_loss(folder_fd(where.folder), file_name.c_str(), folder_fd(cur_folder),
                               seen.c_str());
    return done || errno != ENOENT;
  });
  return done || !met;
}

bool Maildir::sync() const {
  bool synced = true;
  for (const auto& folder : folders_) // EINVAL: a file system that syncs no directories
    synced = (fsync(folder.get()) == 0 || errno == EINVAL) && synced;
  return synced;
}

} // namespace maildir
