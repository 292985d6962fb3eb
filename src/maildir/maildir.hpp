// SPDX-License-Identifier: ISC
// The messages of one Maildir: the regular files of new/ and cur/.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "pop3/maildrop.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace maildir {

/// Messages in a maildrop, and octets of their names, at most; what is beyond makes scan() throw.
/// With 16 octets for each message that is what one user can make us hold: about 600 MB, and twice
/// that while renamed files are looked for.
constexpr std::size_t max_messages = 4'000'000;
constexpr std::size_t max_names_octets = std::size_t{512} << 20;

/// Octets of a message file. A sparse file costs its owner nothing and us the time to read it.
constexpr std::uint64_t max_message_octets = std::uint64_t{64} << 30;

/// A message opened for reading: a regular file, and its length at that moment.
struct OpenMessage {
  base::UniqueFd fd; ///< Empty when the message is gone.
  std::uint64_t length = 0;
};

/// Numbers, unique-ids and sizes stay what they were when it was opened, whatever other programs do
/// to the directories. Files are reached through directory descriptors, without following links and
/// without waiting (a FIFO put there does nothing). Nothing changes on disk before update().
/// Functions throw std::system_error where no other way is named.
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

  pop3::MessageNumber count() const { return static_cast<pop3::MessageNumber>(messages_.size()); }
  /// Reads the message when its size is asked for the first time. A message that cannot be read has
  /// 0 octets.
  pop3::Octets octets(pop3::MessageNumber message);
  std::string unique_id(pop3::MessageNumber message) const;
  /// As stored now; one beyond max_message_octets throws. A message that was renamed since (new
  /// flags, new/ to cur/) is found again.
  OpenMessage open_message(pop3::MessageNumber message);
  /// For the log.
  std::string_view file_name(pop3::MessageNumber message) const { return name(at(message)); }

  /// What update() did.
  struct Outcome {
    std::uint32_t removed = 0; ///< Gone now, by us or by somebody else before.
    std::uint32_t failed = 0;
    std::uint64_t removed_octets = 0; ///< Lengths of the files that we removed.
    std::uint32_t unflagged = 0;      ///< Retrieved, but the flag could not be set.
    bool is_synced = true;            ///< False: the disk may not have it all.
  };
  /// Removes what is in `deleted`; with `mark_seen`, moves what is in `retrieved` to cur/ with the
  /// flag S; then syncs the directories. Does all it can and reports what failed; never throws.
  Outcome update(const pop3::Marks& deleted, const pop3::Marks& retrieved, bool mark_seen) noexcept;

  /// The directory itself, for the lock.
  int root() const { return root_.get(); }

 private:
  enum Folder : std::uint8_t { new_folder, cur_folder };
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};

  struct Message {
    std::uint32_t name_offset; // in names_
    std::uint8_t name_length;  // NAME_MAX is 255
    std::uint8_t base_length;
    Folder folder;
    bool is_gone;
    std::uint64_t octets;
  };

  Maildir(base::UniqueFd root, base::UniqueFd new_fd, base::UniqueFd cur_fd);

  Message& at(pop3::MessageNumber message) { return messages_.at(message - 1); }
  const Message& at(pop3::MessageNumber message) const { return messages_.at(message - 1); }
  std::string_view name(const Message& message) const;
  std::string_view base(const Message& message) const;
  Message* find(std::string_view file_name);
  int folder_fd(Folder folder) const { return folders_[folder].get(); }

  static Message stored(std::string& names, std::string_view file_name, Folder folder);
  void add(std::string_view file_name, Folder folder);
  void sort();
  void relocate();
  template <class Action> bool with_file(Message& message, const Action& action);

  OpenMessage try_open(const Message& message) const;
  std::uint64_t measure(pop3::MessageNumber message);
  bool remove(Message& message, Outcome& outcome);
  bool flag_seen(Message& message);
  bool sync() const;

  base::UniqueFd root_;
  base::UniqueFd folders_[2];
  std::string names_; // all file names, one after the other
  std::vector<Message> messages_;
};

} // namespace maildir
