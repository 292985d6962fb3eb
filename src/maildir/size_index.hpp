// SPDX-License-Identifier: ISC
// Uses the index file in one session: loads the sizes of messages and saves those that the session
// has found.
#pragma once

#include "base/secret.hpp"
#include "maildir/index_file.hpp"
#include "maildir/message_table.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace maildir {

/// What reading a message gives.
struct Measured {
  std::uint64_t octets = 0; ///< On the wire.
  std::uint64_t fingerprint = 0;
};

/// Throws nothing but std::bad_alloc: when the index fails, the session goes on without it.
class SizeIndex {
 public:
  /// `key` is for base::KeyedDigest. An index made with another key is not used.
  explicit SizeIndex(base::Secret key) : key_(std::move(key)) {}

  /// The fingerprint of a message's file as it is now; 0 when that cannot be told.
  using Fingerprint = std::function<std::uint64_t(const Message&)>;

  /// Copies the sizes in the index of `maildir` to `messages`, none of which has a size yet. Copies
  /// none when anything is wrong with the file. `folders` are those of this session's listing:
  /// where a folder has another fingerprint in the index, or 0, a file may have got the inode
  /// number of another, so that `now` must give the fingerprint that the index has for the file.
  void load(int maildir, MessageTable& messages, const FolderFingerprints& folders,
            const Fingerprint& now);

  /// Sets the size of the message at `position` for the index. In this session its size stays.
  void correct(std::size_t position, const Measured& measured) { corrected_[position] = measured; }

  /// Writes the index anew when it lacks sizes that are known now, when more than half of its lines
  /// are for messages that are gone, or when load() has asked for the fingerprints of more than
  /// max_asked files. Removes the index when it would be empty.
  void save(int maildir, const MessageTable& messages);

  /// The problem, in words for a log; empty when there is none. A missing index is no problem.
  const std::string& problem() const { return problem_; }

 private:
  /// About as many fingerprints as cost the time of writing the index anew.
  static constexpr std::uint32_t max_asked = 1000;

  bool is_as_indexed(const Message& message, const IndexEntry& entry, const IndexHeader& header,
                     const Fingerprint& now);
  void write(int maildir, const MessageTable& messages, std::uint32_t lines) const;

  base::Secret key_;
  std::uint32_t lines_ = 0; // of the index as it was loaded
  FolderFingerprints folders_{};
  std::uint32_t asked_ = 0; // fingerprints of files
  std::map<std::size_t, Measured> corrected_;
  std::string problem_;
};

} // namespace maildir
