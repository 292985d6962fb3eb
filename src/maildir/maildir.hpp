// SPDX-License-Identifier: ISC
// The messages of one Maildir: the regular files of new/ and cur/.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "maildir/message_table.hpp"
#include "maildir/size_index.hpp"
#include "pop3/maildrop.hpp"

#include <cstdint>
#include <ctime>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace maildir {

/// A message opened for reading: a regular file, and its length and time of last modification at
/// that moment.
struct OpenMessage {
  base::UniqueFd fd; ///< Empty when the message is gone.
  std::uint64_t length = 0;
  timespec modified{};
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
  /// Opens the file as it is stored now; throws when it is larger than max_message_octets. A
  /// message that was renamed since scan() (new flags, new/ to cur/) is found again.
  OpenMessage open_message(pop3::MessageNumber message);
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
    std::uint32_t removed = 0; ///< Gone now: removed by update(), or by another program before.
    std::uint32_t failed = 0;
    /// Of the messages that update() itself removed: their sizes, or the length of the file when
    /// the size is not known.
    std::uint64_t removed_octets = 0;
    std::uint32_t unflagged = 0; ///< Retrieved, but the flag could not be set.
    bool is_synced = true;       ///< False when some changes may not be on disk.
  };
  /// Removes the messages in `deleted`; with `mark_seen`, moves those in `retrieved` to cur/ with
  /// the flag S; then syncs the directories. Goes on after a failure and reports it; never throws.
  Outcome update(const pop3::Marks& deleted, const pop3::Marks& retrieved, bool mark_seen) noexcept;

  /// The descriptor of the Maildir itself, for the lock.
  int root() const { return root_.get(); }

 private:
  using FindFile = std::function<bool(const Message&)>;

  Maildir(base::UniqueFd root, base::UniqueFd new_fd, base::UniqueFd cur_fd);

  Message& at(pop3::MessageNumber message) { return messages_[message - 1]; }
  const Message& at(pop3::MessageNumber message) const { return messages_[message - 1]; }
  const char* path(const Message& message) const { return messages_.name(message).data(); }
  int folder_fd(Folder folder) const { return folders_[static_cast<unsigned>(folder)].get(); }

  std::optional<FolderFingerprints> list(const AddFile& add) const;
  void relocate();
  bool is_nearby(pop3::MessageNumber message);
  bool is_at(pop3::MessageNumber message, Folder folder, const std::string& file_name);
  bool with_file(pop3::MessageNumber message, const FindFile& action);
  OpenMessage try_open(const Message& message) const;
  std::optional<Measured> measure(pop3::MessageNumber message);
  std::optional<Measured> try_measure(pop3::MessageNumber message);
  std::uint64_t fingerprint_now(const Message& message) const;
  OpenMessage open_in_turn(pop3::MessageNumber message);
  void read_ahead(pop3::MessageNumber message);
  bool remove(pop3::MessageNumber message, Outcome& outcome);
  bool try_remove(const Message& message, Outcome& outcome) const;
  bool flag_seen(pop3::MessageNumber message);
  bool sync() const;

  base::UniqueFd root_;
  base::UniqueFd folders_[2];
  MessageTable messages_;
  FolderFingerprints listed_{}; // the folders when scan() listed them
  std::optional<SizeIndex> index_;
  bool is_index_loaded_ = false;
  pop3::MessageNumber nearby_searches_ = 0;          // before the next listing
  std::map<pop3::MessageNumber, OpenMessage> ahead_; // opened before their turn to be measured
};

} // namespace maildir
