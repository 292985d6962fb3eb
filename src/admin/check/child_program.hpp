// SPDX-License-Identifier: ISC
// A program that runs as a child process for a limited time.
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace admin {

/// A file without a name that has this content and is read from its beginning. Throws
/// std::system_error.
base::UniqueFd nameless_file(const std::string& content);

class ChildProgram {
 public:
  /// Its descriptors 0 and 1; the parent keeps its own.
  struct Streams {
    int in;
    int out;
  };
  /// Starts `program`, a descriptor of an executable file, after `prepare`, which runs in the child
  /// process. An exception of `prepare` ends it with status 1 and its message as the error output.
  /// Throws std::system_error.
  ChildProgram(
      const base::UniqueFd& program, const std::vector<std::string>& words, Streams streams,
      const std::function<void()>& prepare = [] {});
  ChildProgram(ChildProgram&&) = delete;
  /// Kills it if it still runs.
  ~ChildProgram();

  /// Waits for its end. False if that does not come within `limit`; it is then killed.
  bool wait(std::chrono::seconds limit);
  /// After wait(): true if it ended by itself with status 0.
  bool succeeded() const { return status_ == 0; }
  /// What it has written to standard error until now.
  std::string errors() const;

 private:
  base::UniqueFd errors_;
  base::UniqueFd process_; ///< A pidfd; empty once it has ended.
  pid_t pid_ = -1;
  int status_ = -1;
};

} // namespace admin
