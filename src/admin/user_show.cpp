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
  std::cout << std::left << std::setw(31) << user.name << ' ' << describe_hash(user.hash) << '\n';
}

void print_hash(const std::string& hash, Fields& fields) {
  const auto cost = passwords::cost_of(hash);
  if (!cost)
    return fields.text("hash", users::is_disabled(hash) ? "disabled" : description(cost.error()));
  fields.text("scheme", *passwords::scheme_of(hash));
  if (fields.is_json())
    fields.number("memory-kib", cost->memory / 1024);
  else
    fields.text("memory", std::to_string(cost->memory / 1024) + " KiB");
  fields.number("operations", cost->operations);
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

void print_app_passwords(const config::Settings& settings, const User& user, Fields& fields) {
  std::vector<std::string> texts;
  std::optional<UsageTexts> uses;
  for (const auto& password : user.app_passwords) {
    if (!fields.is_json() && !uses)
      uses.emplace(settings.state_directory);
    texts.push_back(fields.is_json()
                        ? password.label
                        : password.label + ", last use " + uses->text(user.name, password) + ", " +
                              or_dash(limits_of(password.rights)));
  }
  fields.texts(fields.is_json() ? "app-passwords" : "app-password", texts);
}

void print_all(const config::Settings& settings, const User& user, Fields& fields) {
  const auto path = locate(settings, user);
  fields.text("name", user.name);
  print_hash(user.hash, fields);
  fields.number("uid", user.uid);
  fields.number("gid", user.gid);
  fields.text("home", user.home);
  fields.text("mail", user.mail);
  if (path || !fields.is_json())
    fields.text("Maildir", path ? *path : description(path.error()));
  else
    fields.text("maildir-problem", description(path.error()));
  fields.text("scram", state_of_scram(user));
  print_rights(user, fields);
  print_app_passwords(settings, user, fields);
  fields.end_object();
}

int show_user(const config::Settings& settings, const Values& given) {
  const auto user = find_user(settings, given.text("NAME"));
  Fields fields(given.flag("--json") ? Fields::Form::object : Fields::Form::lines);
  print_all(settings, user, fields);
  fields.finish();
  return 0;
}

bool is_outdated(const User& user) {
  return !users::is_disabled(user.hash) && passwords::is_outdated(user.hash);
}

int list_users(const config::Settings& settings, const Values& given) {
  const bool only_outdated = given.flag("--outdated"), json = given.flag("--json");
  Fields fields(json ? Fields::Form::array : Fields::Form::lines);
  for_each_user(settings, [&](const User& user) {
    if (only_outdated && !is_outdated(user))
      return;
    if (json)
      print_all(settings, user, fields);
    else
      only_outdated ? print_outdated(user) : print(settings, user);
  });
  fields.finish();
  return 0;
}

} // namespace

Commands user_show() {
  return {
      {"user list", "Print each user's name, uid, Maildir and restrictions",
       "In the order of the users file. Its malformed lines are reported on standard error.",
       Options{{"--outdated", "Only users with an outdated hash, and its scheme and cost"},
               {"--json", "Print an array of what `user show --json` prints"}},
       list_users},
      {"user show", "Print what the users file says about a user",
       "Of the password's hash it prints only the scheme and the cost.",
       Options{{"NAME", "The user"}, {"--json", "Print an object"}}, show_user},
  };
}

} // namespace admin
