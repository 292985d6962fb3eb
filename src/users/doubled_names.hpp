// SPDX-License-Identifier: ISC
// Finds the names that have several lines in a users file.
#pragma once

#include "users/users_file.hpp"

#include <cstddef>
#include <string>
#include <unordered_set>

namespace users {

class DoubledNames {
 public:
  /// Reads the whole file. Takes 8 octets a user meanwhile. Throws std::system_error.
  explicit DoubledNames(const UsersFile& file);

  bool empty() const { return hashes_.empty(); }
  /// True for a name with several well-formed lines, and hardly ever for another name of the file,
  /// whose hash is the same as a third one's.
  bool contains(const std::string& name) const;

 private:
  std::unordered_set<std::size_t> hashes_;
};

} // namespace users
