// SPDX-License-Identifier: ISC
// Stores when things were used last, known by a digest of their names, in a file that all sessions
// share. The file has a fixed size and grants nothing by itself; its loss prevents no login.
#pragma once

#include "base/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace state {

/// One record is a digest and a time. There are no locks: a bucket is read with one pread(2), a
/// record is written with one pwrite(2), and of two written at once the later one stays.
class LastUses {
 public:
  /// The digest chooses a bucket. A million records fit into 16 MiB, of which the file system
  /// stores what was written. In a full bucket, the record with the oldest time is replaced.
  static constexpr std::uint32_t buckets = 65536, ways = 16;
  static constexpr std::size_t record_octets = 16;

  /// Opens the file `name` in `directory`, made with mode 0600 when it is missing. Nothing when
  /// open_private refuses it. A symbolic link is not followed. Throws std::system_error.
  static std::optional<LastUses> open(const std::string& directory, const std::string& name);
  /// Opens the file for when() only, whatever its owner is. Nothing when there is no such regular
  /// file. Throws std::system_error when it may not be read.
  static std::optional<LastUses> open_to_read(const std::string& directory,
                                              const std::string& name);
  /// Takes a descriptor that is open for reading, and for note() also for writing.
  LastUses(base::UniqueFd file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}

  /// The last use of `thing`, in seconds since 1970; nothing when there was none or its record was
  /// replaced. Throws std::system_error.
  std::optional<std::int64_t> when(std::string_view thing) const;
  /// Records a use at `now`, unless one within the last `resolution` seconds is recorded. Throws
  /// std::system_error, which need not prevent the login.
  void note(std::string_view thing, std::int64_t now, std::int64_t resolution);

 private:
  base::UniqueFd file_;
  std::string name_; // for messages
};

} // namespace state
