// SPDX-License-Identifier: ISC
// The file `sodapop.index` in a Maildir: how large each message is on the wire. It is a cache: what
// is wrong with it, or missing, costs the reading of messages and changes nothing that is told.
//
//   sodapop-index 1 COUNT
//   OCTETS INODE BASE                     COUNT times, in the order of maildir::precedes
//   checksum HEX                          base::KeyedDigest of all lines before
//
// Numbers are decimal; a line ends with LF. BASE is the file name without flags and may hold
// anything but LF. INODE is what the directory says: a file that was replaced has another one.
#pragma once

#include "base/digest.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace maildir {

constexpr auto index_name = "sodapop.index";
/// While it is written; renamed when it is whole.
constexpr auto new_index_name = "sodapop.index.new";

/// Octets of a line with its end: two numbers of 64 bits and a name of NAME_MAX.
constexpr std::size_t max_index_line = 20 + 1 + 20 + 1 + 255 + 1;
/// Octets of an index: what pop3::max_messages with max_names_octets of names can need is less. A
/// sparse file costs its owner nothing and us the time to read it.
constexpr std::uint64_t max_index_octets = std::uint64_t{704} << 20;

struct IndexEntry {
  std::uint64_t octets = 0;
  std::uint64_t inode = 0;
  std::string_view base;
};

enum class IndexProblem {
  missing,
  unreadable, ///< A link, no regular file, above max_index_octets, or the system refuses.
  malformed,  ///< Another version, cut off, a line that is none, or something after the last.
  checksum,   ///< Not made with our key, or changed since.
};

/// Reads an index in one pass, through a buffer of fixed size.
class IndexReader {
 public:
  /// Opens the index of the directory `maildir`, without following a link and without waiting, and
  /// reads its first line. `key` is for the checksum. What goes wrong is told by problem().
  IndexReader(int maildir, const base::Secret& key);

  /// How many entries the first line promises; 0 when that could not be read.
  std::uint32_t count() const { return count_; }
  /// The next entry, whose name is valid until the next call; false when there are no more or at
  /// the first thing that is wrong.
  bool next(IndexEntry& entry);
  /// What is wrong with the file, once next() has given false. Before that nothing it said may be
  /// believed: the checksum comes last.
  std::optional<IndexProblem> problem() const { return problem_; }

 private:
  bool fail(IndexProblem problem);
  bool open(int maildir);
  bool fill();
  bool next_line(std::string_view& line);
  void check_end();

  base::UniqueFd fd_;
  base::KeyedDigest digest_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;  // of what is not yet taken
  std::size_t end_ = 0;    // of what is read
  std::size_t hashed_ = 0; // up to here it is in digest_
  std::uint32_t count_ = 0;
  std::uint32_t taken_ = 0;
  bool is_checked_ = false;
  std::optional<IndexProblem> problem_;
};

/// Writes a new index beside the old one and puts it in its place at the end. The caller holds the
/// maildrop's lock.
class IndexWriter {
 public:
  /// `count` entries will follow. Throws std::system_error.
  IndexWriter(int maildir, const base::Secret& key, std::uint32_t count);
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;
  /// Removes what finish() has not put in place.
  ~IndexWriter();

  /// Whether a line can hold this base name.
  static bool can_hold(std::string_view base);

  /// Throws std::system_error.
  void add(const IndexEntry& entry);
  /// Replaces the index. It is not synced: what a crash leaves of it the checksum tells. Throws
  /// std::system_error.
  void finish();

 private:
  void flush();

  int maildir_;
  base::KeyedDigest digest_;
  base::UniqueFd fd_;
  std::string buffer_;
};

} // namespace maildir
