// SPDX-License-Identifier: ISC
// The users of a site, from the users file or from what was compiled of it: whichever answers.
#pragma once

#include "users/compiled_users.hpp"
#include "users/users_file.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// Why there is no answer: of the one file or the other.
struct StoreProblem {
  std::string_view reason;   ///< For a log: users-file-refused or compiled-users-refused.
  std::string_view sentence; ///< What follows the file's name.
  bool is_compiled = false;  ///< It is about the compiled form.
};

class UserStore {
 public:
  /// The users file `path`, or its compiled form where there is one. One that is outdated is left
  /// aside; one that has another problem is refused, as is the users file for a FileProblem. Throws
  /// std::system_error when the users file cannot be opened, ENOENT included.
  static base::Result<UserStore, StoreProblem> open(const std::string& path);
  /// That file alone.
  explicit UserStore(UsersFile text) : text_(std::move(text)) {}

  bool is_compiled() const { return compiled_.has_value(); }
  /// There is a compiled form, but the users file is newer.
  bool is_outdated() const { return is_outdated_; }

  /// The first well-formed line for `name`. Malformed lines are reported where the users file is
  /// read, as UsersFile::find does. Throws std::system_error, and std::runtime_error when the
  /// compiled form is damaged.
  std::optional<User> find(std::string_view name, const OnBadLine& on_bad_line) const;

  /// A hash that verifies like the first in the file for which `is_usable` holds, and that no
  /// password fits. Nothing when there is none. Throws std::system_error.
  std::optional<std::string>
  decoy(const std::function<bool(std::string_view hash)>& is_usable) const;

  /// The iterations of the first SCRAM verifier in the file, 0 without one. Throws
  /// std::system_error.
  std::uint32_t scram_iterations() const;

  /// Either file.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const;

 private:
  UsersFile text_;
  std::optional<CompiledUsers> compiled_;
  bool is_outdated_ = false;
};

} // namespace users
