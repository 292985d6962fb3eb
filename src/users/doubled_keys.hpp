// SPDX-License-Identifier: ISC
// Finds what several users of a site have in common, such as a name, at 8 octets a user.
#pragma once

#include "users/users_file.hpp"

#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace users {

class DoubledKeys {
 public:
  /// Adds the key of one user.
  void add(std::string_view key);
  /// Finds the keys that were added several times. Nothing may be added afterwards.
  void find();

  /// After find(): whether no key is doubled.
  bool empty() const { return doubled_.empty(); }
  /// After find(): true for a key that was added several times, and hardly ever for another one
  /// that was added, whose hash is the same as a third one's.
  bool contains(std::string_view key) const;

 private:
  std::vector<std::size_t> hashes_;
  std::unordered_set<std::size_t> doubled_;
};

/// The names that have several well-formed lines in the file, which is read whole. Throws
/// std::system_error.
DoubledKeys doubled_names(const UsersFile& file);

} // namespace users
