// SPDX-License-Identifier: ISC
// The file of keys, which is opened before the process enters its sandbox and read afterwards.
#pragma once

#include "base/trusted_file.hpp"
#include "tokens/key_set.hpp"

#include <string>

namespace tokens {

class KeysFile {
 public:
  /// Opens the file by open_trusted, which says what is refused and thrown. Reads nothing yet.
  static base::Result<KeysFile, base::FileProblem> open(const std::string& path);

  /// Reads the keys, with no other system calls than pread(2) and those for memory. Throws
  /// std::system_error.
  base::Result<KeySet, std::string_view> read() const;

 private:
  explicit KeysFile(base::UniqueFd fd) : fd_(std::move(fd)) {}

  base::UniqueFd fd_;
};

} // namespace tokens
