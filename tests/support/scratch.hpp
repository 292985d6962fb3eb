// SPDX-License-Identifier: ISC
// A directory on disk that lives as long as a test case, and files in it.
#pragma once

#include "support/files.hpp"
#include "support/scratch_dir.hpp"

#include <string>
#include <string_view>
#include <sys/stat.h>

class Scratch : public support::ScratchDir {
 public:
  Scratch() : ScratchDir("/tmp") {}

  /// Writes `name` with `mode` and gives its path.
  std::string write(const std::string& name, std::string_view text, mode_t mode = 0600) const {
    support::write_file(path(name), text);
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }
  std::string read(const std::string& name) const { return support::read_file(path(name)); }
};
