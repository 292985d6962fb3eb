// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/user_access.hpp"
#include "users/compile_users.hpp"
#include "users/compiled_users.hpp"

#include <iostream>

namespace admin {

namespace {

int compile(const config::Settings& settings, const Values&) {
  const auto users = open_users(settings);
  const auto report_duplicate = [&](std::uint64_t number, std::string_view name) {
    std::cerr << "sodapop: " << settings.users << ':' << number << ": " << name
              << " has a line before this one, which is the one that counts\n";
  };
  const auto counts =
      users::compile_users(users, settings.users, {complain(settings), report_duplicate});
  if (!counts)
    throw Failure(settings.users + ' ' + std::string(description(counts.error())));
  std::cout << "compiled " << counts->users << " users of " << settings.users << " to "
            << settings.users << users::compiled_suffix;
  if (counts->malformed + counts->duplicates > 0)
    std::cout << "; left out " << counts->malformed << " malformed lines and " << counts->duplicates
              << " of names that have one already";
  std::cout << '\n';
  return 0;
}

} // namespace

Commands users_compile() {
  return {
      {"users", "All users: compile the users file, import another"},
      {"users compile",
       "Compile the users file, for faster look-ups",
       "Writes USERS.cdb beside the users file USERS. The server reads it until the users file\n"
       "changes: run this command again after every change.",
       {},
       compile}};
}

} // namespace admin
