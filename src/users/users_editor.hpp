// SPDX-License-Identifier: ISC
// Changes the users file, one editor at a time. Readers see the old file or the new one, never a
// mixture. Lines that a change does not concern stay as they are, byte for byte.
#pragma once

#include "base/trusted_file.hpp"
#include "users/user.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace users {

/// Why the users file is not changed: one line without full stop, fit for a terminal and a log.
class EditRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Holds the file's lock (flock(2)) from constructor to destructor. The lock is on the file itself,
/// and the file is replaced by rename(2); after taking the lock, an editor checks that the file
/// still has that name. An editor that dies leaves the file unchanged and unlocked. Nothing is
/// written before commit().
class UsersEditor {
 public:
  enum class WhenMissing { fail, create };
  static constexpr std::chrono::seconds lock_timeout{10};

  /// Waits for the lock. A file that is created has mode 0600. Throws EditRefused when the file is
  /// refused (base::FileProblem) or stays locked, std::system_error when it cannot be opened.
  UsersEditor(std::string path, WhenMissing when_missing,
              std::chrono::milliseconds wait = lock_timeout);

  /// Whether a line has that name in its first field, well-formed or not.
  bool contains(std::string_view name) const;
  /// Adds a line, given without its end. A last line that has no end stays the last one, and stays
  /// without its end.
  void append(std::string_view line);
  /// Removes every line with that name, so that no second line comes into force. Gives the number
  /// of removed lines.
  std::size_t remove(std::string_view name);

  /// Each of these functions changes the line that a login of `name` would use, and gives false
  /// when there is none. Throws EditRefused, with nothing changed, when the new line would be
  /// malformed or too long, or when an argument would not be read back as one field or word.

  /// With `old_hash`, false also when that is not the hash any more.
  bool replace_hash(std::string_view name, std::string_view hash,
                    std::optional<std::string_view> old_hash = {});
  /// Puts `key=value` into the extra field, in the place of the first word of that key; without a
  /// value removes every such word.
  bool set_extra(std::string_view name, std::string_view key,
                 const std::optional<std::string>& value);
  /// Puts a word at the end of the extra field.
  bool add_extra(std::string_view name, std::string_view word);
  /// Removes the words for which `is_unwanted` holds. False also when there is no such word.
  bool remove_extra(std::string_view name,
                    const std::function<bool(std::string_view word)>& is_unwanted);

  /// Gives the new text of a line; nothing keeps the line, an empty text removes it. `has_end` is
  /// false for a last line without its end.
  using Rewrite = std::function<std::optional<std::string>(std::string_view name,
                                                           std::string_view line, bool has_end)>;
  /// Calls `become` for every line with a non-empty first field, comments excepted. The new text is
  /// not checked.
  void rewrite(const Rewrite& become);

  /// Replaces the file by one with the new text, the old owner, group, mode and extended
  /// attributes, and syncs it. Throws std::system_error, also where one of these cannot be taken
  /// over; the old file then stays, unless the last step failed (fsync(2) of the directory).
  void commit();

 private:
  /// Calls `become` with the line for `name`. False when it gives nothing, or when there is no
  /// line.
  bool change(std::string_view name,
              const std::function<std::optional<std::string>(std::string_view line)>& become);

  std::string path_;
  base::TrustedFile file_;
  std::string text_;
};

} // namespace users
