// SPDX-License-Identifier: ISC
// Files that only one account may read and write, created by the first process that needs them.
// Some of them have a random key in them.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace state {

/// Octets of a key file: BLAKE2b's usual length, too long to guess.
inline constexpr std::size_t key_file_octets = 32;

/// The reasons to refuse a key file, in words.
namespace key_file_problem {

inline constexpr std::string_view not_private =
    "the key is not a regular file that only its account may read and write";
inline constexpr std::string_view too_long = "the key has more than 32 octets";
inline constexpr std::string_view incomplete = "the key has fewer than 32 octets";

} // namespace key_file_problem

/// True when the file is regular, owned by the effective uid, and closed to group and others.
/// Throws std::system_error.
bool is_private(int fd);
/// The same for the facts about a file.
bool is_private(const struct stat& facts);

/// Opens `path` for reading and writing, created with mode 0600 when it is missing. Nothing when
/// the file is not regular, not owned by the effective uid, or open to group or others. A symbolic
/// link is not followed. Throws std::system_error.
std::optional<base::UniqueFd> open_private(const std::string& path);

/// Opens `path` for reading, whatever its owner is. Nothing when there is no such regular file. A
/// symbolic link is not followed. Throws std::system_error when it may not be read.
std::optional<base::UniqueFd> open_to_read(const std::string& path);

/// The content of the file `path`. The file is created, with mode 0600, when it is missing, and
/// again when it has fewer than 32 octets, as a loss of power may leave it; when several processes
/// do so at once, all have the content of the first. A symbolic link is not followed. Refuses with
/// a key_file_problem. Throws std::system_error.
base::Result<base::Secret, std::string_view> open_key_file(const std::string& path);

/// Why open_key_file() would refuse the file `path`. Nothing when it is missing, and none is
/// created. Throws std::system_error.
std::optional<std::string_view> problem_of_key_file(const std::string& path);

/// The secret of a site, which stays the same after a reboot: the key file `site-key` in the
/// directory of the setting state-directory, which must be there. It makes decoys for unknown names
/// the same each time, and an attacker cannot make them without it.
base::Result<base::Secret, std::string_view> open_site_key(const std::string& state_directory);

/// The same, for several users in one process; `state_directory` must outlive this object.
class SiteKey {
 public:
  explicit SiteKey(const std::string& state_directory) : state_directory_(state_directory) {}

  /// Opens the file when it is first called. Throws as open_site_key().
  const base::Result<base::Secret, std::string_view>& get() {
    if (!key_)
      key_ = open_site_key(state_directory_);
    return *key_;
  }
  /// Wipes it.
  void forget() { key_.reset(); }

 private:
  const std::string& state_directory_;
  std::optional<base::Result<base::Secret, std::string_view>> key_;
};

/// The key for a tool, which may be another account's: as it is, by open_to_read().
/// Nothing when there is none or it is no whole key.
std::optional<base::Secret> read_site_key(const std::string& state_directory);

} // namespace state
