// SPDX-License-Identifier: ISC
// What is known of each message of a maildrop, in the order of message numbers.
#pragma once

#include "maildir/message_name.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace maildir {

/// Octets of the names of all messages in a maildrop; what is beyond, or beyond pop3::max_messages,
/// makes add() throw. With 24 octets for each message that is what one user can make us hold: about
/// 600 MB, and twice that while renamed files are looked for.
constexpr std::size_t max_names_octets = std::size_t{512} << 20;

/// Octets of a message file. A sparse file costs its owner nothing and us the time to read it.
constexpr std::uint64_t max_message_octets = std::uint64_t{64} << 30;

enum class Folder : std::uint8_t { new_messages, cur_messages };

struct Message {
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};

  std::uint32_t name_offset; ///< For MessageTable.
  std::uint8_t name_length;  ///< NAME_MAX is 255.
  std::uint8_t base_length;
  Folder folder;
  bool is_gone : 1;
  bool is_indexed : 1;            ///< `octets` is what the index says.
  bool is_unread : 1;             ///< `octets` is 0 as the message could not be read.
  std::uint64_t octets = unknown; ///< On the wire.
  std::uint64_t inode;            ///< Of the file that `octets` is about, as listed.
};

/// Names lie one after the other in blocks, so that nothing is copied while the table grows.
class MessageTable {
 public:
  std::size_t size() const { return messages_.size(); }
  Message& operator[](std::size_t index) { return messages_[index]; }
  const Message& operator[](std::size_t index) const { return messages_[index]; }

  /// Adds a file. Throws std::system_error with E2BIG when there are too many.
  void add(std::string_view file_name, Folder folder, std::uint64_t inode);
  /// Puts all in the order of maildir::precedes. Of several with one base name the one that was
  /// added last is kept.
  void sort();

  /// Both are valid as long as the table; the name ends with NUL.
  std::string_view name(const Message& message) const;
  std::string_view base(const Message& message) const;
  /// The position of the message with the base name of `file_name`, or size(). For sorted tables.
  std::size_t find(std::string_view file_name) const;

 private:
  friend class Relocation;
  static constexpr std::size_t block_octets = 64 * 1024;

  Message stored(std::string_view file_name, Folder folder, std::uint64_t inode);

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = block_octets; // of the last block
  std::vector<Message> messages_;
};

/// Finds out where the messages of a table are now, from lists of files.
class Relocation {
 public:
  /// `known` must outlive it.
  explicit Relocation(const MessageTable& known);

  /// There is this file. The last one met counts.
  void add_file(std::string_view file_name, Folder folder, std::uint64_t inode);
  /// Messages that were there and were not met.
  std::size_t missing() const { return missing_; }
  /// The table as it is now. Numbers and sizes stay; a message that was not met is gone.
  MessageTable result() &&;

 private:
  const MessageTable& known_;
  MessageTable found_;
  std::size_t missing_ = 0;
};

} // namespace maildir
