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
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace maildir {

/// A message opened for reading: a regular file, and its length at that moment.
struct OpenMessage {
  base::UniqueFd fd; ///< Empty when the message is gone.
  std::uint64_t length = 0;
};

/// Numbers, unique-ids and sizes stay what they were when it was opened, whatever other programs do
/// to the directories. Files are reached through directory descriptors, without following links and
/// without waiting (a FIFO put there does nothing). Nothing but the index changes on disk before
/// update(). Functions throw std::system_error where no other way is named.
class Maildir {
 public:
  enum class Problem {
    missing,      ///< There is no such directory.
    no_maildir,   ///< `new` or `cur` is missing, a link, or no directory.
    inaccessible, ///< No permission.
  };

  /// Opens the directories below `root`, without listing them.
  static base::Result<Maildir, Problem> open(base::UniqueFd root);

  /// Lists the messages and numbers them from 1, in the order of maildir::precedes. Of two files
  /// with one base name one is a message; the other is one when the first is gone.
  void scan();
  /// Sizes may be taken from the index file when one is first asked for; `key` is its own. Without
  /// this call there is no index.
  void use_index(base::Secret key) { index_.emplace(std::move(key)); }

  pop3::MessageNumber count() const { return static_cast<pop3::MessageNumber>(messages_.size()); }
  /// Reads the message when its size is asked for the first time and the index does not know it. A
  /// message that cannot be read has 0 octets.
  pop3::Octets octets(pop3::MessageNumber message);
  /// Whether octets() need not read the message.
  bool is_size_known(pop3::MessageNumber message) const {
    return at(message).octets != Message::unknown;
  }
  std::string unique_id(pop3::MessageNumber message) const;
  /// As stored now; one beyond max_message_octets throws. A message that was renamed since (new
  /// flags, new/ to cur/) is found again.
  OpenMessage open_message(pop3::MessageNumber message);
  /// For the log.
  std::string_view file_name(pop3::MessageNumber message) const {
    return messages_.name(at(message));
  }

  /// Reads a message whose size was told once more. False when it has that size; else the index
  /// will have the right one.
  bool has_other_size(pop3::MessageNumber message);
  /// Writes the index where that is worth it. The caller holds the maildrop's lock. Never throws.
  void save_index() noexcept;
  /// What was wrong with the index, in words; empty while nothing was.
  std::string_view index_problem() const { return index_ ? index_->problem() : std::string_view(); }

  /// What update() did.
  struct Outcome {
    std::uint32_t removed = 0; ///< Gone now, by us or by somebody else before.
    std::uint32_t failed = 0;
    /// Of the messages that we removed: their sizes, or the length of the file where the size was
    /// not asked for.
    std::uint64_t removed_octets = 0;
    std::uint32_t unflagged = 0; ///< Retrieved, but the flag could not be set.
    bool is_synced = true;       ///< False: the disk may not have it all.
  };
  /// Removes what is in `deleted`; with `mark_seen`, moves what is in `retrieved` to cur/ with the
  /// flag S; then syncs the directories. Does all it can and reports what failed; never throws.
  Outcome update(const pop3::Marks& deleted, const pop3::Marks& retrieved, bool mark_seen) noexcept;

  /// The directory itself, for the lock.
  int root() const { return root_.get(); }

 private:
  enum class FileAccess { done, gone, renamed_again };

  Maildir(base::UniqueFd root, base::UniqueFd new_fd, base::UniqueFd cur_fd);

  Message& at(pop3::MessageNumber message);
  const Message& at(pop3::MessageNumber message) const;
  const char* path(const Message& message) const { return messages_.name(message).data(); }
  int folder_fd(Folder folder) const { return folders_[static_cast<unsigned>(folder)].get(); }

  void relocate();
  template <class Action> FileAccess with_file(pop3::MessageNumber message, const Action& action);
  OpenMessage try_open(const Message& message) const;
  std::optional<std::uint64_t> measure(pop3::MessageNumber message);
  OpenMessage open_in_turn(pop3::MessageNumber message);
  void read_ahead(pop3::MessageNumber message);
  bool remove(pop3::MessageNumber message, Outcome& outcome);
  bool try_remove(const Message& message, Outcome& outcome) const;
  bool flag_seen(pop3::MessageNumber message);
  bool sync() const;

  base::UniqueFd root_;
  base::UniqueFd folders_[2];
  MessageTable messages_;
  std::optional<SizeIndex> index_;
  bool is_index_loaded_ = false;
  struct Ahead {
    pop3::MessageNumber message;
    OpenMessage opened;
  };
  std::deque<Ahead> ahead_; // opened before their turn to be measured
};

} // namespace maildir
