// SPDX-License-Identifier: ISC
// Reads the users file, from its beginning for each look-up, in a buffer of fixed size: the file
// may have a million lines, and it may be replaced by rename(2) while it is open.
#pragma once

#include "base/trusted_file.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace users {

/// Called with the number of each malformed line, from 1. May be empty.
using OnBadLine = std::function<void(std::uint64_t number, base::Problem problem)>;

class UsersFile {
 public:
  /// Refuses what FileProblem names. Throws std::system_error when `path` cannot be opened, ENOENT
  /// included.
  static base::Result<UsersFile, base::FileProblem> open(const std::string& path);
  explicit UsersFile(base::TrustedFile file) : file_(std::move(file)) {}

  /// The first well-formed line for `name`; nothing when there is none. Reading stops there, so
  /// that malformed lines after it are not reported. Throws std::system_error.
  std::optional<User> find(std::string_view name, const OnBadLine& on_bad_line) const;

  /// Calls `visit` for every well-formed line until it returns false. Throws std::system_error.
  void for_each(const std::function<bool(const User&)>& visit, const OnBadLine& on_bad_line) const;

  /// As for_each(), with the number of each user's line, from 1, and its text without its end. The
  /// text is valid until `visit` returns.
  using VisitLine =
      std::function<bool(const User& user, std::uint64_t number, std::string_view line)>;
  void for_each_line(const VisitLine& visit, const OnBadLine& on_bad_line) const;

  /// As in base::TrustedFile.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const {
    return file_.readable_by(uid, gid, groups);
  }
  const struct stat& facts() const { return file_.facts; }

 private:
  base::TrustedFile file_;
};

} // namespace users
