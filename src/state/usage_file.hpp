// SPDX-License-Identifier: ISC
// Stores when each app password was used last, so that an administrator sees which can be revoked.
#pragma once

#include "state/last_uses.hpp"

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

/// A LastUses. The digest is of user name, label and salt, so that a new password under an old
/// label has a new record.
class UsageFile {
 public:
  /// Seconds within which a second use is not written, so that a phone that polls does not wear out
  /// a disk.
  static constexpr std::int64_t resolution = 60;

  /// Opens the file `app-password-use` in `directory` by LastUses::open().
  static std::optional<UsageFile> open(const std::string& directory);
  /// What open() refuses, in words.
  static constexpr std::string_view refusal =
      "app-password-use is not a regular file that only its account may read and write";
  /// The same by LastUses::open_to_read(), for when() only.
  static std::optional<UsageFile> open_to_read(const std::string& directory);
  explicit UsageFile(LastUses uses) : uses_(std::move(uses)) {}

  /// The last use, in seconds since 1970; nothing when there was none or its record was replaced.
  /// Throws std::system_error.
  std::optional<std::int64_t> when(const AppPasswordId& password) const;
  /// Records a use at `now`. Throws std::system_error, which need not prevent the login.
  void note(const AppPasswordId& password, std::int64_t now);

 private:
  LastUses uses_;
};

} // namespace state
