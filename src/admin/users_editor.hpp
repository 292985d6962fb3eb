// SPDX-License-Identifier: ISC
// Changes to the users file: one editor at a time, and readers see the old file or the new one,
// never a mixture. Lines that a change does not concern stay as they are, byte for byte.
#pragma once

#include "credentials/users_file.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace admin {

/// Holds the file's lock (flock(2)) from constructor to destructor. The lock is on the file itself,
/// and the file is replaced by rename, so that whoever gets a lock looks whether it is still the
/// one of the file by that name. An editor that dies leaves the file as it was, and no lock.
class UsersEditor {
 public:
  enum class WhenMissing { fail, create };
  static constexpr std::chrono::seconds patience{10};

  /// Waits for the lock. A file that is created has mode 0600. Throws Failure when the file is
  /// refused (credentials::FileProblem) or stays locked, std::system_error when it cannot be
  /// opened.
  UsersEditor(std::string path, WhenMissing when_missing,
              std::chrono::milliseconds wait = patience);

  /// Whether a line has that name in its first field, well-formed or not.
  bool contains(std::string_view name) const;
  /// Adds a line, given without its end.
  void append(std::string_view line);
  /// Puts `hash` into the line that a login of `name` would use. False when there is none.
  bool replace_hash(std::string_view name, std::string_view hash);
  /// Removes every line with that name, so that no second one comes into force. Gives their number.
  std::size_t remove(std::string_view name);

  /// Puts the new text in the file's place and on the disk, with the old owner, group and mode.
  /// Throws std::system_error; the file is then the old one, unless the last step failed (fsync(2)
  /// of the directory).
  void commit();

 private:
  std::string path_;
  credentials::UsersFile file_;
  std::string text_;
};

} // namespace admin
