// SPDX-License-Identifier: ISC
// Rights of users and app passwords as the command line takes them and the terminal shows them.
#pragma once

#include "state/usage_file.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// Of one or more lists with commas. Throws Failure.
base::Networks to_networks(const std::vector<std::string>& lists);
/// The end of the day that is written as 2027-01-31. Throws Failure.
std::int64_t to_end(const std::string& date);
/// `local` is a client without an address. Throws Failure.
std::optional<base::Address> to_client(const std::string& address);

/// `read-only, until 2027-01-31, from 10.0.0.0/8`, with `expired on` after that day, or `-`.
std::string describe(const users::Rights& rights, std::int64_t now);

/// One line `key value`; `-` where there is no value.
void print_field(std::ostream& out, std::string_view key, std::string_view value);
/// What the user may do, a line for each option of `user rights`.
void print_rights(std::ostream& out, const users::User& user, std::int64_t now);

/// When app passwords were used last.
class UsageTexts {
 public:
  /// Says on standard error why nothing is known, if so.
  explicit UsageTexts(const std::string& state_directory);
  /// A time in UTC, `never` or `unknown`.
  std::string text(std::string_view name, const users::AppPassword& password) const;

 private:
  std::optional<state::UsageFile> uses_;
  bool is_known_ = true;
};

} // namespace admin
