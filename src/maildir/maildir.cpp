// SPDX-License-Identifier: ISC
#include "maildir/maildir.hpp"

#include "base/system_error.hpp"
#include "maildir/attempt.hpp"
#include "maildir/folder.hpp"
#include "maildir/folder_watch.hpp"
#include "maildir/message_name.hpp"
#include "maildir/wire_size.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>

namespace maildir {

namespace {

/// Messages that are opened ahead; each needs a descriptor.
constexpr pop3::MessageNumber messages_ahead = 8;

/// The flags of the Maildir format, those first that change most often, and Dovecot's keywords.
constexpr std::string_view likely_flags = "SFRTDPabcdefghijklmnopqrstuvwxyz";

/// Maximum listings for one message that another program renames again and again.
constexpr int max_searches = 4;

/// Messages for which the client was shown another file than the one that was listed. If there are
/// so many, the directories have other inode numbers than the files, and to open a file ahead of
/// the client's commands is of no use.
constexpr std::size_t many_others = 8;

/// Messages that are gone are looked for again after this many times the time that the last search
/// took: any number of them slows a session down by a tenth at most.
constexpr int pause_after_search = 10;

} // namespace

base::Result<Maildir, std::string_view> Maildir::open(base::UniqueFd root) {
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

/// Lists both folders, and gives their fingerprints; nothing when one of them may have changed
/// meanwhile.
std::optional<FolderFingerprints> Maildir::list(const AddFile& add) const {
  const FolderWatch watches[] = {FolderWatch(folder_fd(Folder::new_messages)),
                                 FolderWatch(folder_fd(Folder::cur_messages))};
  for (const Folder folder : {Folder::new_messages, Folder::cur_messages})
    for_each_file(
        folder_fd(folder),
        [&](std::string_view file_name, std::uint64_t inode) { add(file_name, folder, inode); },
        step_);
  if (std::ranges::any_of(watches, &FolderWatch::may_have_changed))
    return {};
  return FolderFingerprints{watches[0].fingerprint(), watches[1].fingerprint()};
}

void Maildir::scan() {
  listed_at_ = coarse_time();
  messages_ = MessageTable::listed([this](const AddFile& add) {
    const auto listed = list(add);
    listed_ = listed.value_or(FolderFingerprints());
    return listed.has_value();
  });
}

/// Looks for all messages, or fails as the last search did while that is not long ago.
void Maildir::search() {
  const auto begin = Clock::now();
  if (!search_failure_ || begin >= next_search_) {
    search_failure_ = failure_of([this] { relocate(); });
    const auto end = Clock::now();
    next_search_ = end + pause_after_search * (end - begin);
  }
  if (search_failure_)
    throw std::system_error(*search_failure_);
}

/// Finds the present place and name of all messages at once, so that a program that renames every
/// file costs one listing, not one for each message.
void Maildir::relocate() {
  const auto relisted_at = coarse_time();
  messages_ =
      messages_.relocated([this](const AddFile& add) { return list(add).has_value(); },
                          [this](std::string_view file_name, Folder folder) {
                            step_();
                            return is_made_before(listed_at_, folder_fd(folder), file_name.data());
                          });
  listed_ = {};               // a message may have another folder now than when that was listed
  relisted_at_ = relisted_at; // not when the listing has failed
  nearby_searches_ = count();
}

/// Looks for a message under the names that another program may just have given it: one flag more
/// or less. A program that renames each message just ahead of its RETR would else cost a listing
/// for each. This is done only after a listing, as a program that renames all messages at once
/// costs one listing and then none of these looks; and for as many messages as there are, so that
/// the table gets at most one more name for each before the next listing.
bool Maildir::is_nearby(pop3::MessageNumber message) {
  if (nearby_searches_ == 0 || at(message).is_gone)
    return false;
  --nearby_searches_;
  const auto name = with_info(messages_.name(at(message)));
  const auto is_in_cur = [&](const std::string& other) {
    return is_at(message, Folder::cur_messages, other);
  };
  return is_in_cur(name) || std::ranges::any_of(likely_flags, [&](char flag) {
           return is_in_cur(with_flag_changed(name, flag));
         });
}

/// Whether the message has that place now, which is then noted.
bool Maildir::is_at(pop3::MessageNumber message, Folder folder, const std::string& file_name) {
  struct stat facts {};
  if (fstatat(folder_fd(folder), file_name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(facts.st_mode) || facts.st_ino != at(message).inode)
    return false;
  messages_.move(message - 1, file_name, folder);
  return true;
}

/// Calls `action` for the file of `message`, and again after a search when the file was not there;
/// `action` gives true when it found the file. False when the message is gone, or when another
/// program renames the file before each call.
bool Maildir::with_file(pop3::MessageNumber message, const FindFile& action) {
  for (int searches = 0;; ++searches) {
    const bool is_gone = at(message).is_gone;
    if (!is_gone && action(at(message)))
      return true;
    if (searches == max_searches || (is_gone && Clock::now() < next_search_))
      return false;
    if (!is_nearby(message))
      search();
  }
}

pop3::Octets Maildir::octets(pop3::MessageNumber message) {
  if (index_ && !is_index_loaded_)
    index_->load(root(), messages_, listed_, std::bind_front(&Maildir::fingerprint_now, this));
  is_index_loaded_ = true;
  if (!is_size_known(message)) {
    step_();
    const auto measured = measure(message);
    at(message).is_unread = !measured;
    at(message).octets = measured.value_or(Measured()).octets;
    at(message).fingerprint = measured.value_or(Measured()).fingerprint;
  }
  return at(message).octets;
}

/// Nothing when the message is gone. A second reading tells a fault that lasts from one that
/// passes, and finds the file anew.
std::optional<Measured> Maildir::measure(pop3::MessageNumber message) {
  try {
    return try_measure(message);
  } catch (const std::system_error&) {
    ahead_.clear(); // they may be the descriptors that are missing
  }
  return try_measure(message);
}

std::optional<Measured> Maildir::try_measure(pop3::MessageNumber message) {
  const auto opened = open_in_turn(message);
  if (opened.fd)
    return Measured{wire_octets(opened.fd.get(), opened.length, step_),
                    fingerprint(opened.length, opened.modified)};
  if (!at(message).is_gone)
    base::throw_errno("a message is renamed again and again", EAGAIN);
  return {};
}

std::uint64_t Maildir::fingerprint_now(const Message& message) const {
  step_();
  struct stat facts {};
  if (fstatat(folder_fd(message.folder), path(message), &facts, AT_SYMLINK_NOFOLLOW) != 0)
    return 0;
  return fingerprint(static_cast<std::uint64_t>(facts.st_size), facts.st_mtim);
}

pop3::Octets Maildir::use_length(pop3::MessageNumber message) {
  std::uint64_t length = 0;
  attempt([&] {
    with_file(message, [&](const Message& where) {
      struct stat facts {};
      if (!found_file(fstatat(folder_fd(where.folder), path(where), &facts, AT_SYMLINK_NOFOLLOW) ==
                          0,
                      "fstatat"))
        return false;
      length = static_cast<std::uint64_t>(facts.st_size);
      return true;
    });
  });
  at(message).is_unread = true;
  return at(message).octets = length;
}

/// Messages are mostly measured one after the other.
OpenMessage Maildir::open_in_turn(pop3::MessageNumber message) {
  auto ahead = ahead_.extract(message);
  ahead_.erase(ahead_.begin(), ahead ? ahead_.upper_bound(message) : ahead_.end());
  auto opened = ahead ? std::move(ahead.mapped()) : find_and_open(message);
  read_ahead(message);
  return opened;
}

/// Makes the system fetch the next messages that have no size yet. Reading from a disk then takes a
/// quarter of the time; when all is in memory, it takes a tenth more.
void Maildir::read_ahead(pop3::MessageNumber message) {
  const auto last = std::min(count(), message + messages_ahead);
  for (auto next = (ahead_.empty() ? message : ahead_.rbegin()->first) + 1; next <= last; ++next)
    if (!is_size_known(next) && !at(next).is_gone)
      attempt([&] { // a message that fails is tried again in its turn
        auto opened = try_open(at(next));
        if (opened.fd && posix_fadvise(opened.fd.get(), 0, 0, POSIX_FADV_WILLNEED) == 0)
          ahead_.emplace(next, std::move(opened));
      });
}

bool Maildir::has_other_size(pop3::MessageNumber message) {
  if (at(message).is_unread)
    return false;
  std::optional<Measured> now;
  attempt([&] { now = measure(message); });
  if (!now || now->octets == at(message).octets)
    return false;
  if (index_)
    index_->correct(message - 1, *now);
  return true;
}

void Maildir::save_index() noexcept {
  if (index_ && is_index_loaded_)
    attempt([this] { index_->save(root(), messages_); });
}

pop3::UniqueId Maildir::unique_id(pop3::MessageNumber message) const {
  return maildir::unique_id(messages_.base(message - 1));
}

OpenMessage Maildir::open_message(pop3::MessageNumber message) {
  auto opened = find_and_open(message);
  if (opened.fd && !is_shown(message, opened.inode))
    shown_[message] = opened.inode;
  return opened;
}

OpenMessage Maildir::open_ahead(pop3::MessageNumber message) {
  if (shown_.size() >= many_others)
    return {};
  auto opened = find_and_open(message);
  return is_shown(message, opened.inode) ? std::move(opened) : OpenMessage();
}

/// True for the file that was listed, and for the other file that was opened for the client last.
bool Maildir::is_shown(pop3::MessageNumber message, std::uint64_t inode) const {
  const auto shown = shown_.find(message);
  return inode == at(message).inode || (shown != shown_.end() && inode == shown->second);
}

OpenMessage Maildir::find_and_open(pop3::MessageNumber message) {
  OpenMessage opened;
  with_file(message, [&](const Message& where) {
    opened = try_open(where);
    return static_cast<bool>(opened.fd);
  });
  return opened;
}

OpenMessage Maildir::try_open(const Message& message) const {
  base::UniqueFd fd(openat(folder_fd(message.folder), path(message),
                           O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
    return {};
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0)
    base::throw_errno("cannot open a message");
  if (!S_ISREG(facts.st_mode))
    return {};
  if (static_cast<std::uint64_t>(facts.st_size) > max_message_octets)
    base::throw_errno("message too large", EFBIG);
  return {std::move(fd), static_cast<std::uint64_t>(facts.st_size), facts.st_mtim, facts.st_ino};
}

} // namespace maildir
