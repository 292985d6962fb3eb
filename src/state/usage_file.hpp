// SPDX-License-Identifier: ISC
// When each app password was used last, so that an administrator sees which can be revoked: a file
// of fixed size that grants nothing and whose loss costs no login.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace state {

enum class UsageFileProblem {
  not_private, ///< No regular file, not the effective uid's, or open to its group or to others.
};

std::string_view description(UsageFileProblem problem);

/// Which app password: no part has a NUL in it.
struct AppPasswordId {
  std::string_view user;
  std::string_view label;
  std::string_view salt; ///< As the users file has it.
};

/// One record is a digest and a time. The digest is of user name, label and salt, so that a new
/// password under an old label begins anew. There are no locks: a bucket is read with one pread(2),
/// a record is written with one pwrite(2), and of two at once the later one has the place.
class UsageFile {
 public:
  /// The digest chooses a bucket; room for a million in 16 MiB, of which the file system stores
  /// what was written. Where a bucket is full, the record with the oldest time gives way.
  static constexpr std::uint32_t buckets = 65536, ways = 16;
  static constexpr std::size_t record_octets = 16;
  /// Seconds within which a second use is not written: a phone that polls shall not wear a disk.
  static constexpr std::int64_t resolution = 60;
  static constexpr std::string_view file_name = "app-password-use";

  /// Opens the file in `directory`, made with mode 0600 when it is missing. A symbolic link is not
  /// followed. Throws std::system_error.
  static base::Result<UsageFile, UsageFileProblem> open(const std::string& directory);
  /// To ask only, whoever the owner is. Nothing where there is no such regular file. Throws
  /// std::system_error when it may not be read.
  static std::optional<UsageFile> open_to_read(const std::string& directory);
  /// For a descriptor that is open for what is going to be called.
  explicit UsageFile(base::UniqueFd file) : file_(std::move(file)) {}

  /// Seconds since 1970; nothing when it was never used or the record had to give way. Throws
  /// std::system_error.
  std::optional<std::int64_t> when(const AppPasswordId& password) const;
  /// That it was used at `now`. Throws std::system_error, which need not keep anybody out.
  void note(const AppPasswordId& password, std::int64_t now);

 private:
  base::UniqueFd file_;
};

} // namespace state
