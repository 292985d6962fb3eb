// SPDX-License-Identifier: ISC
// The index file in one session: what it knows of the messages' sizes, and what the session has
// learnt for it.
#pragma once

#include "base/secret.hpp"
#include "maildir/message_table.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace maildir {

/// Throws nothing but std::bad_alloc: whatever becomes of the index, the session goes on without.
class SizeIndex {
 public:
  /// `key` is for base::KeyedDigest. An index made with another key is not believed.
  explicit SizeIndex(base::Secret key) : key_(std::move(key)) {}

  /// Puts the sizes that the index of `maildir` knows into `messages`, none of which has one yet;
  /// all of them or, where anything is wrong with the file, none.
  void load(int maildir, MessageTable& messages);

  /// The message at `position` has `octets` now. That is for the index; in this session its size
  /// stays.
  void correct(std::size_t position, std::uint64_t octets) { corrected_[position] = octets; }

  /// Writes the index anew when sizes were learnt that it does not have, or when more than half of
  /// its lines are about messages that are gone; removes it when nothing would be left of it.
  void save(int maildir, const MessageTable& messages);

  /// What went wrong, in words for a log; empty while nothing has. That there was no index is not
  /// wrong.
  const std::string& problem() const { return problem_; }

 private:
  bool is_worth_a_line(const MessageTable& messages, std::size_t position) const;
  void write(int maildir, const MessageTable& messages, std::uint32_t lines) const;

  base::Secret key_;
  std::uint32_t lines_ = 0; // of the index as it was loaded
  std::map<std::size_t, std::uint64_t> corrected_;
  std::string problem_;
};

} // namespace maildir
