// SPDX-License-Identifier: ISC
// Looks up the users of a site, in the compiled form of the users file or in the file itself.
#pragma once

#include "users/compiled_users.hpp"
#include "users/users_file.hpp"

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

/// A user, and a hash that no password fits and that verifies like the first usable one in the
/// file. Each is nothing when there is none.
struct WithDecoy {
  std::optional<User> user;
  std::optional<std::string> decoy;
};

/// A user, and the parameters that most SCRAM verifiers in the file have.
struct WithScram {
  std::optional<User> user;
  passwords::ScramParameters most_common;
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

  /// As find(), with what stands in for a user who is not there. The file is read once, from its
  /// beginning to its end, whatever the name is: the time does not tell whether there is a user.
  WithDecoy find_with_decoy(std::string_view name,
                            const std::function<bool(std::string_view hash)>& is_usable,
                            const OnBadLine& on_bad_line) const;
  WithScram find_with_scram(std::string_view name, const OnBadLine& on_bad_line) const;

  /// True when that identity may read the users file or its compiled form.
  bool readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) const;

 private:
  template <class Visit>
  void each_user(std::string_view name, const OnBadLine& on_bad_line, std::optional<User>& found,
                 const Visit& visit) const;

  UsersFile text_;
  std::optional<CompiledUsers> compiled_;
  bool is_outdated_ = false;
};

} // namespace users
