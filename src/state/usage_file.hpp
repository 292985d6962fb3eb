// SPDX-License-Identifier: ISC
// Stores when each app password was used last, so that an administrator sees which can be revoked.
// The file has a fixed size and grants nothing; its loss prevents no login.
#pragma once

#include "base/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace state {

/// The names of an app password. No part has a NUL in it.
struct AppPasswordId {
  std::string_view user;
  std::string_view label;
  std::string_view salt; ///< As the users file has it.
};

/// One record is a digest and a time. The digest is of user name, label and salt, so that a new
/// password under an old label has a new record. There are no locks: a bucket is read with one
/// pread(2), a record is written with one pwrite(2), and of two written at once the later one
/// stays.
class UsageFile {
 public:
  /// The digest chooses a bucket. A million records fit into 16 MiB, of which the file system
  /// stores what was written. In a full bucket, the record with the oldest time is replaced.
  static constexpr std::uint32_t buckets = 65536, ways = 16;
  static constexpr std::size_t record_octets = 16;
  /// Seconds within which a second use is not written, so that a phone that polls does not wear out
  /// a disk.
  static constexpr std::int64_t resolution = 60;

  /// Opens the file `app-password-use` in `directory`, made with mode 0600 when it is missing.
  /// Nothing when open_private refuses it. A symbolic link is not followed. Throws
  /// std::system_error.
  static std::optional<UsageFile> open(const std::string& directory);
  /// What open() refuses, in words.
  static constexpr std::string_view refusal =
      "app-password-use is not a regular file that only its account may read and write";
  /// Opens the file for when() only, whatever its owner is. Nothing when there is no such regular
  /// file. Throws std::system_error when it may not be read.
  static std::optional<UsageFile> open_to_read(const std::string& directory);
  /// Takes a descriptor that is open for reading, and for note() also for writing.
  explicit UsageFile(base::UniqueFd file) : file_(std::move(file)) {}

  /// The last use, in seconds since 1970; nothing when there was none or its record was replaced.
  /// Throws std::system_error.
  std::optional<std::int64_t> when(const AppPasswordId& password) const;
  /// Records a use at `now`. Throws std::system_error, which need not prevent the login.
  void note(const AppPasswordId& password, std::int64_t now);

 private:
  base::UniqueFd file_;
};

} // namespace state
