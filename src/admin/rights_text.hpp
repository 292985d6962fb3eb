// SPDX-License-Identifier: ISC
// Parses rights of users and app passwords from the command line, and prints them.
#pragma once

#include "admin/fields.hpp"
#include "state/usage_file.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// Parses one or more lists of networks separated by commas. Throws UsageError.
base::Networks to_networks(const std::vector<std::string>& lists);
/// The first second after a day such as 2027-01-31, in UTC. Throws UsageError.
std::int64_t to_end(const std::string& date);
/// Parses a client's address; nothing for `local`, a client without an address. Throws UsageError.
std::optional<base::Address> to_client(const std::string& address);

/// The texts that are not empty, with commas between them.
std::string listed(std::initializer_list<std::string> texts);
/// Such as `read-only, until 2027-01-31, from 10.0.0.0/8`, with `expired on` for `until` after that
/// day; empty for rights without limits.
std::string limits_of(const users::Rights& rights);

/// `text`, or `-` when it is empty.
std::string or_dash(const std::string& text);
/// Prints one line `key value`; `-` for an empty value.
void print_field(std::string_view key, const std::string& value);
/// Prints the user's rights, one for each option of `user rights`.
void print_rights(const users::User& user, Fields& fields);

/// When app passwords were used last.
class UsageTexts {
 public:
  /// When the times cannot be read, writes the reason to standard error.
  explicit UsageTexts(const std::string& state_directory);
  /// A time in UTC, `never`, or `unknown` when the times could not be read.
  std::string text(std::string_view name, const users::AppPassword& password) const;

 private:
  std::optional<state::UsageFile> uses_;
  bool is_known_ = true;
};

} // namespace admin
