// SPDX-License-Identifier: ISC
// A file that takes the place of another whole: whoever opens that name sees the old one or the new
// one, also after a loss of power.
#pragma once

#include "base/unique_fd.hpp"

#include <string>
#include <string_view>
#include <sys/stat.h>

namespace base {

/// A new file beside `target`, mode 0600, removed again unless take_place() is called.
class FileReplacement {
 public:
  /// Throws std::system_error when the directory takes no new file.
  explicit FileReplacement(const std::string& target);
  FileReplacement(const FileReplacement&) = delete;
  FileReplacement& operator=(const FileReplacement&) = delete;
  ~FileReplacement();

  /// Open for reading and writing.
  int fd() const { return fd_.get(); }
  /// Writes behind what is there. Throws std::system_error.
  void append(std::string_view text);
  /// Takes owner, group and mode from there. Throws std::system_error.
  void copy_attributes(const struct stat& other);
  /// Syncs, renames and syncs the directory. Throws std::system_error: the old file is then still
  /// there, unless the last step failed.
  void commit();

 private:
  std::string target_;
  std::string name_;
  base::UniqueFd fd_;
  bool is_done_ = false;
};

} // namespace base
