// SPDX-License-Identifier: ISC
// Uses the index file in one session: loads the sizes of messages and saves those that the session
// has found.
#pragma once

#include "base/secret.hpp"
#include "maildir/message_table.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace maildir {

/// Throws nothing but std::bad_alloc: when the index fails, the session goes on without it.
class SizeIndex {
 public:
  /// `key` is for base::KeyedDigest. An index made with another key is not used.
  explicit SizeIndex(base::Secret key) : key_(std::move(key)) {}

  /// Copies the sizes in the index of `maildir` to `messages`, none of which has a size yet. Copies
  /// none when anything is wrong with the file.
  void load(int maildir, MessageTable& messages);

  /// Sets the size of the message at `position` for the index. In this session its size stays.
  void correct(std::size_t position, std::uint64_t octets) { corrected_[position] = octets; }

  /// Writes the index anew when it lacks sizes that are known now, or when more than half of its
  /// lines are for messages that are gone. Removes the index when it would be empty.
  void save(int maildir, const MessageTable& messages);

  /// The problem, in words for a log; empty when there is none. A missing index is no problem.
  const std::string& problem() const { return problem_; }

 private:
  void write(int maildir, const MessageTable& messages, std::uint32_t lines) const;

  base::Secret key_;
  std::uint32_t lines_ = 0; // of the index as it was loaded
  std::map<std::size_t, std::uint64_t> corrected_;
  std::string problem_;
};

} // namespace maildir
