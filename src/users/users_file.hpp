// SPDX-License-Identifier: ISC
// Reads the users file, from its beginning for each look-up, in a buffer of fixed size: the file
// may have a million lines, and it may be replaced by rename(2) while it is open.
#pragma once

#include "base/trusted_file.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// Called with the number of each malformed line, from 1. May be empty.
using OnBadLine = std::function<void(std::uint64_t number, base::Problem problem)>;

class UsersFile {
 public:
  /// Refuses what FileProblem names. Throws std::system_error when `path` cannot be opened, ENOENT
  /// included.
  static base::Result<UsersFile, base::FileProblem> open(const std::string& path);
  explicit UsersFile(base::TrustedFile file) : file_(std::move(file)) {}

  /// The first well-formed line for `name`; nothing when there is none. The whole file is read in
  /// both cases. Throws std::system_error.
  std::optional<User> find(std::string_view name, const OnBadLine& on_bad_line) const;

  /// Takes a user, the number of the line, from 1, and its text without its end, valid until it
  /// returns. False ends the reading.
  using Visit = std::function<bool(const User& user, std::uint64_t number, std::string_view line)>;
  /// Calls `visit` for every well-formed line. Throws std::system_error.
  void for_each(const Visit& visit, const OnBadLine& on_bad_line) const;

  const base::TrustedFile& file() const { return file_; }

 private:
  base::TrustedFile file_;
};

} // namespace users
