// SPDX-License-Identifier: ISC
// The table of a maildrop's messages, in the order of message numbers.
#pragma once

#include "maildir/message_name.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace maildir {

/// Maximum octets of the names of all messages in a maildrop; above it, or above
/// pop3::max_messages, add() throws. With 32 octets for each message, one user can make the keeper
/// use about 640 MB of memory, and twice that while it looks for renamed files.
constexpr std::size_t max_names_octets = std::size_t{512} << 20;

/// Maximum octets of a message file. A sparse file takes no disk space of its owner, but takes time
/// to read.
constexpr std::uint64_t max_message_octets = std::uint64_t{64} << 30;

/// Maximum octets of a file name; for a longer one add() throws. Most file systems have at most
/// NAME_MAX, which is 255, but those by FUSE can have more.
constexpr std::uint32_t max_file_name = 2047;

enum class Folder : std::uint8_t { new_messages, cur_messages };

struct Message {
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};

  std::uint32_t name_offset = 0; ///< For MessageTable.
  std::uint32_t name_length : 11 = 0;
  std::uint32_t base_length : 11 = 0;
  Folder folder : 1 {};
  bool is_gone : 1 = false;
  bool is_indexed : 1 = false;    ///< `octets` is from the index.
  bool is_unread : 1 = false;     ///< `octets` is no size on the wire: it could not be read.
  bool is_renamed : 1 = false;    ///< The file has another base name by now.
  bool is_rewritten : 1 = false;  ///< The file in its place is another than `inode`.
  std::uint64_t octets = unknown; ///< On the wire. The leading number before MessageTable::sort().
  std::uint64_t inode = 0;        ///< Of the file that was listed first, as its directory has it.
  std::uint64_t fingerprint = 0;  ///< Of the file when its size was read.
};

/// Takes a listed file.
using AddFile = std::function<void(std::string_view file_name, Folder, std::uint64_t inode)>;

/// Lists all files once. False when some may have been missed, as the directories changed
/// meanwhile: a file that is renamed while its directory is listed can be met once, twice or not at
/// all.
using ListFiles = std::function<bool(const AddFile&)>;

/// Maximum listings to find all messages while other programs change the directories without end.
/// A program that renamed as fast as it could made one listing of 20,000 files miss 0.5 % of them
/// on ext4 and 8 % on tmpfs, so that 2 in 10^9 are in none of so many.
constexpr int max_listings = 8;

/// Says whether a listed file, whose name ends with NUL, is older than the table: the number of an
/// inode alone does not tell, as a file system gives the number of a removed file to a new one.
using IsOlder = std::function<bool(std::string_view file_name, Folder)>;

/// Names are stored one after the other in blocks, so that no name is copied while the table grows.
class MessageTable {
 public:
  std::size_t size() const { return messages_.size(); }
  Message& operator[](std::size_t index) { return messages_[index]; }
  const Message& operator[](std::size_t index) const { return messages_[index]; }

  /// The messages by a listing during which nothing changed, sorted; or, after max_listings, those
  /// of all listings together.
  static MessageTable listed(const ListFiles& list);

  /// Adds a file. Throws std::system_error with E2BIG when there are too many, with
  /// ENAMETOOLONG when the name has more than max_file_name.
  void add(std::string_view file_name, Folder folder, std::uint64_t inode);
  /// Puts all messages in the order of maildir::precedes. Of several with the same base name the
  /// one that was added last is kept.
  void sort();

  /// The same messages under the names that the files have by now. The file of a message is the one
  /// with its base name and its inode; without one, the only file with its inode that `is_older`,
  /// whatever its name; without one, the file with its base name, which then is_rewritten. Of
  /// several the last one counts. Message numbers, sizes and base names stay. While the file of a
  /// message that was there is missing and `list` may have missed files, it lists again, up to
  /// max_listings times. A message that is still without a file is gone.
  MessageTable relocated(const ListFiles& list, const IsOlder& is_older) const;

  /// Notes that the file of the message at a position, the one that was listed first, has another
  /// name or is in another folder.
  void move(std::size_t index, std::string_view file_name, Folder folder);

  /// The file name, valid as long as the table. It ends with NUL. The last known one of a message
  /// that is gone.
  std::string_view name(const Message& message) const;
  /// The base name that the message at a position was first listed with, valid as long as the
  /// table. Quick for positions that are asked for in turn.
  std::string_view base(std::size_t index) const;
  /// The position of the message with the base name of `file_name`, or size(). For sorted tables.
  std::size_t find(std::string_view file_name) const;

 private:
  static constexpr std::size_t block_octets = 4096; // most maildrops need no second one

  std::string_view base(const Message& message) const;
  void store_name(Message& message, std::string_view file_name, std::string_view base);
  std::vector<Message> lacking(const MessageTable& other) const;
  std::unordered_set<std::uint64_t> renamed_since(const MessageTable& earlier) const;
  void add_missing(const MessageTable& earlier);
  void place(Message& message, std::string_view file_name, std::string_view base, Folder folder,
             bool is_its_inode);

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = block_octets; // octets used in the last block
  std::vector<Message> messages_;
};

} // namespace maildir
