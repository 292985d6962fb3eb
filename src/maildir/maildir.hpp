// SPDX-License-Identifier: ISC
// The messages of one Maildir: the regular files of new/ and cur/.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "maildir/message_table.hpp"
#include "maildir/size_index.hpp"
#include "pop3/maildrop.hpp"

#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>

namespace maildir {

/// A message opened for reading: a regular file, and its length and time of last modification at
/// that moment.
struct OpenMessage {
  base::UniqueFd fd; ///< Empty when the message is gone.
  std::uint64_t length = 0;
  timespec modified{};
  std::uint64_t inode = 0;
};

/// Message numbers, unique-ids and sizes do not change while it is open, whatever other programs do
/// to the directories. Files are opened through directory descriptors, without following links and
/// without waiting (a FIFO there has no effect). Nothing but the index changes on disk before
/// update(). Functions throw std::system_error unless stated otherwise.
class Maildir {
 public:
  /// The reasons why a Maildir is refused, as the log has them.
  struct Problem {
    static constexpr std::string_view missing = "no-maildir"; ///< There is no such directory.
    /// `new` or `cur` is missing, a link, or no directory.
    static constexpr std::string_view no_maildir = "not-a-maildir";
    static constexpr std::string_view inaccessible = "maildir-inaccessible"; ///< No permission.
  };

  /// Opens the directories below `root`, without listing them. Refuses with a Problem.
  static base::Result<Maildir, std::string_view> open(base::UniqueFd root);

  /// Sets a function that is called again and again in long work, but not in update(): for each
  /// message and each block of it that is read, each block of a folder that is listed, and each
  /// file that is looked at. To end the work it throws an object that is no std::exception, which
  /// the function that does the work lets pass; the Maildir can still be used.
  void set_step(std::function<void()> step) { step_ = std::move(step); }

  /// Lists the messages and numbers them from 1, in the order of maildir::precedes. Of two files
  /// with the same base name one is a message; the other becomes one when the first is gone.
  void scan();
  /// Allows the use of the index file, which is loaded when a size is first needed; `key` is the
  /// key of the index. Without this call there is no index.
  void use_index(base::Secret key) { index_.emplace(std::move(key)); }

  pop3::MessageNumber count() const { return static_cast<pop3::MessageNumber>(messages_.size()); }
  /// The size on the wire. The first call for a message reads it when the index does not have its
  /// size, twice when the first time fails. A message that is gone has 0 octets. One that cannot be
  /// read throws, and is read again by the next call.
  pop3::Octets octets(pop3::MessageNumber message);
  /// Gives a message that cannot be read a size for this session: the length of its file, or 0 when
  /// not even that can be told. Never in the index. Does not throw.
  pop3::Octets use_length(pop3::MessageNumber message);
  /// True when octets() does not need to read the message.
  bool is_size_known(pop3::MessageNumber message) const {
    return at(message).octets != Message::unknown;
  }
  pop3::UniqueId unique_id(pop3::MessageNumber message) const;
  /// Opens the message for the client, as it is stored now; throws when it is larger than
  /// max_message_octets. A message that was renamed since scan() is found again: by its inode, or
  /// by its base name when another file has taken that. From then on this other file is the one
  /// that the client was shown.
  OpenMessage open_message(pop3::MessageNumber message);
  /// The same for a client that has not asked for the message yet, so that it is shown nothing new:
  /// also empty when the file is not the one that the client was shown before.
  OpenMessage open_ahead(pop3::MessageNumber message);
  /// The name for the log.
  std::string_view file_name(pop3::MessageNumber message) const {
    return messages_.name(at(message));
  }

  /// Reads a message of known size again. False when it has that size, or cannot or could not be
  /// read; else the index gets the right size.
  bool has_other_size(pop3::MessageNumber message);
  /// Writes the index when that is worthwhile. The caller holds the maildrop's lock. Never throws.
  void save_index() noexcept;
  /// The problem with the index, in words; empty when there is none.
  std::string_view index_problem() const { return index_ ? index_->problem() : std::string_view(); }

  /// The result of update().
  struct Outcome {
    std::uint32_t removed = 0; ///< By update() itself.
    std::uint32_t gone = 0;    ///< Removed by another program before.
    std::uint32_t failed = 0;  ///< Still there.
    /// Of the removed messages: their sizes, or the length of the file when the size is not known.
    std::uint64_t removed_octets = 0;
    std::uint32_t flagged = 0;   ///< Only those that had no flag S before.
    std::uint32_t unflagged = 0; ///< Retrieved, but the flag could not be set.
    bool can_flag = true; ///< False where the file system has no call that sets a flag safely.
    int sync_error = 0;   ///< Why some changes may not be on disk; an errno, or 0.
  };
  /// Takes a message that could not be removed, and why.
  using OnFailure = std::function<void(pop3::MessageNumber, const std::system_error&)>;
  /// Removes the messages in `deleted`, but no file that the client was not shown in this session;
  /// with `mark_seen`, moves those in `retrieved` to cur/ with the flag S; then syncs the
  /// directories that it changed. Goes on after a failure and reports it; never throws.
  Outcome update(const pop3::Marks& deleted, const pop3::Marks& retrieved, bool mark_seen,
                 const OnFailure& on_failure = {}) noexcept;

  /// The descriptor of the Maildir itself, for the lock.
  int root() const { return root_.get(); }

 private:
  using FindFile = std::function<bool(const Message&)>;

  Maildir(base::UniqueFd root, base::UniqueFd new_fd, base::UniqueFd cur_fd);

  Message& at(pop3::MessageNumber message) { return messages_[message - 1]; }
  const Message& at(pop3::MessageNumber message) const { return messages_[message - 1]; }
  const char* path(const Message& message) const { return messages_.name(message).data(); }
  int folder_fd(Folder folder) const { return folders_[static_cast<unsigned>(folder)].get(); }

  bool& changed(Folder folder) { return is_changed_[static_cast<unsigned>(folder)]; }

  std::optional<FolderFingerprints> list(const AddFile& add) const;
  void search();
  void relocate();
  bool is_nearby(pop3::MessageNumber message);
  bool is_at(pop3::MessageNumber message, Folder folder, const std::string& file_name);
  bool with_file(pop3::MessageNumber message, const FindFile& action);
  OpenMessage find_and_open(pop3::MessageNumber message);
  OpenMessage try_open(const Message& message) const;
  std::optional<Measured> measure(pop3::MessageNumber message);
  std::optional<Measured> try_measure(pop3::MessageNumber message);
  std::uint64_t fingerprint_now(const Message& message) const;
  OpenMessage open_in_turn(pop3::MessageNumber message);
  void read_ahead(pop3::MessageNumber message);
  bool is_shown(pop3::MessageNumber message, std::uint64_t inode) const;
  void remove(pop3::MessageNumber number, Outcome& outcome);
  bool try_remove(pop3::MessageNumber number, Outcome& outcome);
  std::optional<struct stat> facts_in_place(const Message& message) const;
  bool may_remove(pop3::MessageNumber number, const struct stat& facts) const;
  void flag_seen(pop3::MessageNumber message, Outcome& outcome);
  int sync();

  using Clock = std::chrono::steady_clock;

  std::function<void()> step_ = [] {};
  base::UniqueFd root_;
  base::UniqueFd folders_[2];
  MessageTable messages_;
  FolderFingerprints listed_{}; // the folders as scan() listed them; 0 once that is outdated
  std::optional<SizeIndex> index_;
  bool is_index_loaded_ = false;
  pop3::MessageNumber nearby_searches_ = 0;          // before the next listing
  std::map<pop3::MessageNumber, OpenMessage> ahead_; // opened before their turn to be measured
  timespec listed_at_{};                             // the time of scan()
  Clock::time_point next_search_; // a message that is gone is not looked for before
  std::optional<std::system_error> search_failure_; // of the last search
  std::optional<timespec> relisted_at_;             // the last listing since update() began
  bool is_changed_[2]{};                            // folders that update() has to sync
  // The inodes that the client was shown, where they are not those that were listed.
  std::map<pop3::MessageNumber, std::uint64_t> shown_;
};

} // namespace maildir
