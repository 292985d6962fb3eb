// SPDX-License-Identifier: ISC
// Replaces a file in one step: a process that opens its name gets the whole old file or the whole
// new file, also after a loss of power.
#pragma once

#include "base/unique_fd.hpp"

#include <string>
#include <string_view>
#include <sys/stat.h>

namespace base {

/// A new file in the directory of `target`, with mode 0600. The destructor removes the file unless
/// commit() has renamed it.
class FileReplacement {
 public:
  /// Throws std::system_error when the file cannot be created.
  explicit FileReplacement(const std::string& target);
  ~FileReplacement();

  /// The descriptor of the new file, open for reading and writing.
  int fd() const { return fd_.get(); }
  /// Appends `text` to the new file. Throws std::system_error.
  void append(std::string_view text);
  /// Copies owner, group and mode from `other`. Throws std::system_error.
  void copy_attributes(const struct stat& other);
  /// Syncs the new file, renames it to `target` and syncs the directory. Throws std::system_error:
  /// the old file is then still in place, unless only the sync of the directory failed.
  void commit();

 private:
  std::string target_;
  std::string name_;
  UniqueFd fd_;
  bool is_done_ = false;
};

} // namespace base
