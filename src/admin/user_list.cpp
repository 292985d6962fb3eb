// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "users/authenticate.hpp"

#include <iomanip>
#include <iostream>

namespace admin {

namespace {

using users::User;

constexpr int name_width = 31;
constexpr int uid_width = 10; // of the largest uid

void print(const config::Settings& settings, const User& user) {
  const auto path = locate(settings, user);
  const auto rights =
      listed({user.nologin ? "no login" : "", user.pop3 ? "" : "no POP3",
              user.app_passwords_only ? "app passwords only" : "", limits_of(user.rights)});
  std::cout << std::left << std::setw(name_width) << user.name << ' ' << std::right
            << std::setw(uid_width) << (user.uid ? std::to_string(*user.uid) : "-") << ' '
            << (path ? *path : "- (" + std::string(description(path.error())) + ")")
            << (rights.empty() ? "" : " (" + rights + ')') << '\n';
}

/// The scheme and cost of the hash, or why it is unusable.
std::string describe_hash(std::string_view hash) {
  const auto scheme = passwords::scheme_of(hash);
  const auto cost = passwords::cost_of(hash);
  if (!scheme || !cost)
    return "unusable: " + std::string(description(scheme ? cost.error() : scheme.error()));
  return std::string(*scheme) + ", " + std::to_string(cost->memory >> 10) + " KiB, " +
         std::to_string(cost->operations) + " operations";
}

void print_outdated(const User& user) {
  if (!users::is_disabled(user.hash) && passwords::is_outdated(user.hash))
    std::cout << std::left << std::setw(name_width) << user.name << ' ' << describe_hash(user.hash)
              << '\n';
}

int list(const config::Settings& settings, const Values& given) {
  const bool only_outdated = given.flag("--outdated");
  for_each_user(settings, [&](const User& user) {
    only_outdated ? print_outdated(user) : print(settings, user);
  });
  return 0;
}

} // namespace

Command user_list() {
  return {"user list", "Print each user's name, uid, Maildir and restrictions",
          "In the order of the users file. Its malformed lines are reported on standard error.",
          Options{{"--outdated", "Only users with an outdated hash, and its scheme and cost"}},
          list};
}

} // namespace admin
