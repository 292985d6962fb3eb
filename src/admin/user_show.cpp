// SPDX-License-Identifier: ISC
// The commands that print users: list and show.
#include "admin/commands.hpp"
#include "admin/printable.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "users/authenticate.hpp"
#include "users/scram_entry.hpp"

#include <iomanip>
#include <iostream>

namespace admin {

namespace {

using users::User;

void print(const config::Settings& settings, const User& user) {
  const auto path = locate(settings, user);
  const auto rights =
      listed({user.nologin ? "no login" : "", user.pop3 ? "" : "no POP3",
              user.app_passwords_only ? "app passwords only" : "", limits_of(user.rights)});
  std::cout << std::left << std::setw(31) << user.name << ' ' << std::right << std::setw(10)
            << or_dash(id_text(user.uid)) << ' '
            << (path ? printable(*path) : "- (" + std::string(description(path.error())) + ")")
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
    std::cout << std::left << std::setw(31) << user.name << ' ' << describe_hash(user.hash) << '\n';
}

int list_users(const config::Settings& settings, const Values& given) {
  const bool only_outdated = given.flag("--outdated");
  for_each_user(settings, [&](const User& user) {
    only_outdated ? print_outdated(user) : print(settings, user);
  });
  return 0;
}

void print_hash(const std::string& hash) {
  const auto cost = passwords::cost_of(hash);
  if (!cost)
    return print_field("hash", users::is_disabled(hash) ? "disabled"
                                                        : std::string(description(cost.error())));
  print_field("scheme", std::string(*passwords::scheme_of(hash)));
  print_field("memory", std::to_string(cost->memory / 1024) + " KiB");
  print_field("operations", std::to_string(cost->operations));
}

std::string state_of_scram(const User& user) {
  using enum users::ScramState;
  switch (users::scram_state(user)) {
  case none: return "no";
  case the_hash: return "yes, the hash itself";
  case beside: return "yes";
  case stale: return "outdated: the password was changed elsewhere";
  case malformed: return "malformed";
  case disabled: return "no: the user is disabled";
  }
  return {};
}

void print_app_passwords(const config::Settings& settings, const User& user) {
  if (user.app_passwords.empty())
    return;
  const UsageTexts uses(settings.state_directory);
  for (const auto& password : user.app_passwords)
    print_field("app-password", password.label + ", last use " + uses.text(user.name, password) +
                                    ", " + or_dash(limits_of(password.rights)));
}

int show_user(const config::Settings& settings, const Values& given) {
  const auto user = find_user(settings, given.text("NAME"));
  const auto path = locate(settings, user);
  print_field("name", user.name);
  print_hash(user.hash);
  print_field("uid", id_text(user.uid));
  print_field("gid", id_text(user.gid));
  print_field("home", user.home);
  print_field("mail", user.mail);
  print_field("Maildir", path ? *path : std::string(description(path.error())));
  print_field("scram", state_of_scram(user));
  print_rights(user);
  print_app_passwords(settings, user);
  return 0;
}

} // namespace

Commands user_show() {
  return {
      {"user list", "Print each user's name, uid, Maildir and restrictions",
       "In the order of the users file. Its malformed lines are reported on standard error.",
       Options{{"--outdated", "Only users with an outdated hash, and its scheme and cost"}},
       list_users},
      {"user show", "Print what the users file says about a user",
       "Of the password's hash it prints only the scheme and the cost.",
       Options{{"NAME", "The user"}}, show_user},
  };
}

} // namespace admin
