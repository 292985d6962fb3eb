// SPDX-License-Identifier: ISC
// Looks up the users of a site, in the compiled form of the users file or in the file itself.
#pragma once

#include "users/compiled_users.hpp"
#include "users/users_file.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// Why the users file or its compiled form is refused.
struct StoreProblem {
  std::string_view reason;   ///< For a log: users-file-refused or compiled-users-refused.
  std::string_view sentence; ///< The problem in words, to follow the file's name.
  bool is_compiled = false;  ///< The problem is in the compiled form.
};

class UserStore {
 public:
  /// Opens the users file `path`, and its compiled form when there is one. An outdated compiled
  /// form is ignored, one with another problem is refused. A users file with a FileProblem is
  /// refused. Throws std::system_error when the users file cannot be opened, ENOENT included.
  static base::Result<UserStore, StoreProblem> open(const std::string& path);
  /// Uses the users file alone.
  explicit UserStore(UsersFile text) : text_(std::move(text)) {}

  bool is_compiled() const { return compiled_.has_value(); }
  /// True when there is a compiled form, but the users file has changed since.
  bool is_outdated() const { return is_outdated_; }

  /// True while the users file `path` is the one that was opened, and unchanged.
  bool is_current(const std::string& path) const;

  /// The user of the first well-formed line for `name`. Malformed lines are reported, as by
  /// UsersFile::find, when the users file is read. Throws std::system_error, and std::runtime_error
  /// when the compiled form is damaged.
  std::optional<User> find(std::string_view name, const OnBadLine& on_bad_line) const;

  /// A hash that no password fits and that verifies like the first in the file for which
  /// `is_usable` holds. Nothing when there is none. Throws std::system_error.
  std::optional<std::string>
  decoy(const std::function<bool(std::string_view hash)>& is_usable) const;

  /// The iterations of the first SCRAM verifier in the file, 0 without one. Throws
  /// std::system_error.
  std::uint32_t scram_iterations() const;

  /// True when that identity may read the users file or its compiled form.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const;

 private:
  UsersFile text_;
  std::optional<CompiledUsers> compiled_;
  bool is_outdated_ = false;
};

} // namespace users
