// SPDX-License-Identifier: ISC
// Finds names that have several lines, and Maildirs that several users have, by the text of their
// paths: links are not followed.
#pragma once

#include "admin/check/check.hpp"
#include "users/doubled_keys.hpp"
#include "users/user.hpp"
#include "users/users_file.hpp"

namespace admin {

class DoubledUsers {
 public:
  /// Refers to `context`.
  explicit DoubledUsers(const CheckContext& context) : context_(context) {}

  /// Adds the user of a line.
  void add(const users::User& user);
  /// Adds the findings. Reads `file`, the lines of which were added, once more where something
  /// seems to be doubled.
  void check(const users::UsersFile& file, Findings& findings);

 private:
  const CheckContext& context_;
  users::DoubledKeys names_, maildirs_;
};

} // namespace admin
