// SPDX-License-Identifier: ISC
// Replaces a file in one step: a process that opens its name gets the whole old file or the whole
// new file, also after a loss of power.
#pragma once

#include "base/signal_blocker.hpp"
#include "base/unique_fd.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// The new file has a name of its own for a moment: that of the target, a dot and as many
/// hexadecimal digits. A process that is killed in this moment leaves the file there.
inline constexpr std::size_t left_over_digits = 6;

/// A new file in the directory of `target`, with mode 0600. It has no name until commit(), so that
/// it goes away however the process ends. Where the file system has no files without a name, or
/// where there is no /proc, it has one from the beginning. While it has a name of its own, the
/// signals of SignalBlocker wait. The destructor removes the file unless commit() has renamed it.
class FileReplacement {
 public:
  /// Throws std::system_error when the file cannot be created.
  explicit FileReplacement(const std::string& target);
  ~FileReplacement();
  FileReplacement(const FileReplacement&) = delete;
  FileReplacement& operator=(const FileReplacement&) = delete;

  /// The descriptor of the new file, open for reading and writing.
  int fd() const { return fd_.get(); }
  /// Appends `text` to the new file. Throws std::system_error.
  void append(std::string_view text);
  /// Copies owner, group, mode and extended attributes, an access control list among them, from the
  /// open file `other`. Throws std::system_error when one of them cannot be taken over.
  void copy_attributes(int other);
  /// Syncs the new file, renames it to `target` and syncs the directory. Throws std::system_error:
  /// the old file is then still in place, unless only the sync of the directory failed.
  void commit();
  /// As commit(), but leaves a file that already has the name `target` in its place. A file without
  /// a name gets that of the target at once.
  void commit_if_missing();

 private:
  void give_name();

  std::optional<SignalBlocker> signals_held_; ///< First, as it has to outlive the name.
  std::string target_;
  std::string name_;
  UniqueFd fd_;
  bool has_name_ = false;
};

} // namespace base
