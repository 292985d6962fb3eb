// SPDX-License-Identifier: ISC
// A user with another password for a short time: a users file that has this user alone.
#pragma once

#include "base/account.hpp"
#include "config/settings.hpp"
#include "users/user.hpp"

#include <string>
#include <vector>

namespace admin {

/// The users for a trial: the first of each uid that can log in, at most `most`. Reads the first
/// ten thousand lines of the users file. Throws Failure and std::system_error.
std::vector<users::User> users_for_trial(const config::Settings& settings, std::size_t most);

class TrialUser {
 public:
  /// Writes the file, with a new password, to a directory that only this process's account can
  /// enter, below the runtime directory or, where that cannot be written to, below /tmp. Throws
  /// std::system_error.
  TrialUser(users::User user, const config::Settings& settings);
  TrialUser(TrialUser&&) = delete;
  /// Removes the file and the directory.
  ~TrialUser();

  const users::User& user() const { return user_; }
  const std::string& name() const { return user_.name; }
  const std::string& password() const { return password_; }
  /// The identity with which the server serves the user.
  base::Identity identity() const;
  /// The options with which sodapopd serves one session of this user: no setting that could refuse
  /// the client holds, and nothing is changed or logged.
  std::vector<std::string> options() const;

 private:
  users::User user_;
  std::string password_;
  std::string directory_;
};

} // namespace admin
