// SPDX-License-Identifier: ISC
// The compiled form of a users file: a constant database (TinyCDB) from each name to its line, so
// that a look-up costs the same for a thousand users and for a million. It lies beside the users
// file as USERS.cdb; sodapop-users(5) defines it.
#pragma once

#include "base/trusted_file.hpp"
#include "users/compiled_header.hpp"
#include "users/user.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct cdb; // TinyCDB's

namespace users {

inline constexpr std::string_view compiled_suffix = ".cdb";

enum class CompiledProblem {
  not_regular,        ///< FileProblem's.
  writable_by_others, ///< FileProblem's.
  foreign_owner,      ///< FileProblem's.
  damaged,            ///< Not exactly as long as its tables say, or without a header of ours.
  other_version,      ///< Of the format.
  outdated,           ///< The users file is not the one any more that it was made from.
};

/// What follows the file's name; no full stop.
std::string_view description(CompiledProblem problem);

class CompiledUsers {
 public:
  /// `text` is the users file as it is now. Refuses what CompiledProblem names. The file is mapped,
  /// so that find() needs no system call. Throws std::system_error when `path` cannot be opened,
  /// ENOENT included.
  static base::Result<CompiledUsers, CompiledProblem> open(const std::string& path,
                                                           const struct stat& text);
  /// The same for a descriptor that is open for reading.
  static base::Result<CompiledUsers, CompiledProblem> adopt(base::UniqueFd fd,
                                                            const struct stat& text);

  /// Throws std::runtime_error when what is there for `name` is no line of that user: the file is
  /// damaged. A file that is cut off while it is open ends the process with SIGBUS; what replaces
  /// it by rename(2), as everything here does, leaves it alone.
  std::optional<User> find(std::string_view name) const;

  const CompiledHeader& header() const { return header_; }
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const {
    return file_.readable_by(uid, gid, groups);
  }

 private:
  using Database = std::unique_ptr<::cdb, void (*)(::cdb*)>;
  CompiledUsers(base::TrustedFile file, Database database, CompiledHeader header);
  static base::Result<CompiledUsers, CompiledProblem> map(base::TrustedFile file,
                                                          const struct stat& text);

  base::TrustedFile file_;
  Database database_;
  CompiledHeader header_;
};

} // namespace users
