// SPDX-License-Identifier: ISC
// The users file, read from its beginning for each question, in a buffer of fixed size: it may
// have a million lines, and it may be replaced by rename(2) while it is open.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "credentials/trusted_file.hpp"
#include "credentials/user.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace credentials {

/// Called with the number of each malformed line, from 1. May be empty.
using OnBadLine = std::function<void(std::uint64_t number, LineProblem problem)>;

class UsersFile {
 public:
  /// Refuses what FileProblem names. Throws std::system_error when `path` cannot be opened, ENOENT
  /// included.
  static base::Result<UsersFile, FileProblem> open(const std::string& path);
  /// The same for a descriptor that is open for reading.
  static base::Result<UsersFile, FileProblem> adopt(base::UniqueFd fd);

  /// The first well-formed line for `name`; nothing when there is none. Reading stops there, so
  /// that malformed lines after it are not reported. Throws std::system_error.
  std::optional<User> find(std::string_view name, const OnBadLine& on_bad_line) const;

  /// Shows every well-formed line until `visit` returns false. Throws std::system_error.
  void for_each(const std::function<bool(const User&)>& visit, const OnBadLine& on_bad_line) const;

  /// Whether a process of that identity may read the file, or let itself do so because it owns it.
  /// Goes by owner, group and mode as they were when the file was opened.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const;

  /// Owner, group, mode and inode at the time of opening.
  const struct stat& facts() const { return facts_; }
  int fd() const { return fd_.get(); }

 private:
  explicit UsersFile(TrustedFile file) : fd_(std::move(file.fd)), facts_(file.facts) {}

  base::UniqueFd fd_;
  struct stat facts_;
};

} // namespace credentials
