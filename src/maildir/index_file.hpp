// SPDX-License-Identifier: ISC
// The file `sodapop.index` in a Maildir: the size of each message on the wire. It is a cache. When
// it is damaged or incomplete, messages must be read; the replies to the client stay the same.
//
//   sodapop-index 2 COUNT NEW CUR
//   OCTETS INODE FINGERPRINT BASE         COUNT times, in the order of maildir::precedes
//   checksum HEX                          base::KeyedDigest of all lines before
//
// Numbers are decimal; a line ends with LF. NEW and CUR are the fingerprints of the folders when
// they were listed, FINGERPRINT that of the file when it was measured. BASE is the file name
// without flags and may hold anything but LF. INODE is from the directory listing: a file that was
// replaced has another, until the file system gives the number to a file again.
#pragma once

#include "base/digest.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace maildir {

constexpr auto index_name = "sodapop.index";
/// The name of an index while it is written; renamed when it is complete.
constexpr auto new_index_name = "sodapop.index.new";

/// Maximum octets of a base name in the index: NAME_MAX, which few file systems exceed.
constexpr std::size_t max_indexed_base = 255;
/// Octets of a line with its end: three numbers of 64 bits and a name.
constexpr std::size_t max_index_line = 3 * (20 + 1) + max_indexed_base + 1;
/// Maximum octets of an index. An index for pop3::max_messages with max_names_octets of names is
/// smaller. A sparse file takes no disk space of its owner, but takes time to read.
constexpr std::uint64_t max_index_octets = std::uint64_t{896} << 20;

/// The fingerprints of new/ and cur/, by the number of the Folder.
using FolderFingerprints = std::array<std::uint64_t, 2>;

/// The first line.
struct IndexHeader {
  std::uint32_t count = 0; ///< Of entries.
  FolderFingerprints folders{};
};

struct IndexEntry {
  std::uint64_t octets = 0;
  std::uint64_t inode = 0;
  std::uint64_t fingerprint = 0;
  std::string_view base;
};

/// What can be wrong with an index, in words for a log.
struct IndexProblem {
  static constexpr std::string_view missing{}; // is no problem
  /// A link, no regular file, above max_index_octets, or a system call fails.
  static constexpr std::string_view unreadable = "the index is not a readable regular file";
  /// Another version, cut off, an invalid line, or data after the last line.
  static constexpr std::string_view malformed = "the index is damaged or of another version";
  /// Made with another key, or changed since.
  static constexpr std::string_view checksum =
      "the index is damaged, or older than the present password";
};

/// Reads an index in one pass, through a buffer of fixed size.
class IndexReader {
 public:
  /// Opens the index of the directory `maildir`, without following a link and without waiting, and
  /// reads its first line. `key` is for the checksum. problem() gives what goes wrong.
  IndexReader(int maildir, const base::Secret& key);

  /// All zero when the first line could not be read.
  const IndexHeader& header() const { return header_; }
  /// Reads the next entry, whose name is valid until the next call. False when there are no more
  /// entries, or at the first error.
  bool next(IndexEntry& entry);
  /// The IndexProblem of the file, once next() has given false. Before that no entry may be
  /// trusted, as the checksum comes last.
  std::optional<std::string_view> problem() const { return problem_; }

 private:
  bool fail(std::string_view problem);
  bool open(int maildir);
  bool fill();
  bool next_line(std::string_view& line);
  void read_header();
  void check_end();

  base::UniqueFd fd_;
  base::KeyedDigest digest_;
  std::size_t size_ = 0; // of the buffer
  std::unique_ptr<char[]> buffer_;
  std::string_view rest_; // of the data in the buffer: what is not yet taken
  IndexHeader header_;
  std::uint32_t taken_ = 0;
  std::optional<std::string_view> problem_;
};

/// Writes a new index beside the old one and replaces the old one at the end. The caller holds the
/// maildrop's lock.
class IndexWriter {
 public:
  /// Creates an index for `first.count` entries. Throws std::system_error.
  IndexWriter(int maildir, const base::Secret& key, const IndexHeader& first);
  /// Removes the new file unless finish() has put it in place.
  ~IndexWriter();

  /// Whether a line can hold this base name.
  static bool can_hold(std::string_view base);

  /// Throws std::system_error.
  void add(const IndexEntry& entry);
  /// Replaces the index. The file is not synced: the checksum finds damage by a crash. Throws
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
