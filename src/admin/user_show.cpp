// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "users/authenticate.hpp"
#include "users/scram_entry.hpp"

namespace admin {

namespace {

template <class Id> std::string text(const std::optional<Id>& id) {
  return id ? std::to_string(*id) : "";
}

void print_hash(const std::string& hash) {
  const auto cost = passwords::cost_of(hash);
  if (!cost) {
    print_field("hash",
                users::is_disabled(hash) ? "disabled" : std::string(description(cost.error())));
    return;
  }
  print_field("scheme", std::string(*passwords::scheme_of(hash)));
  print_field("memory", std::to_string(cost->memory / 1024) + " KiB");
  print_field("operations", std::to_string(cost->operations));
}

std::string state_of_scram(const users::User& user) {
  if (user.scram.empty())
    return "no";
  return users::verifier_of(user) ? "yes" : "outdated: the password was changed elsewhere";
}

void print_app_passwords(const config::Settings& settings, const users::User& user) {
  if (user.app_passwords.empty())
    return;
  const UsageTexts uses(settings.state_directory);
  for (const auto& password : user.app_passwords)
    print_field("app-password", password.label + ", last use " + uses.text(user.name, password) +
                                    ", " + or_dash(limits_of(password.rights)));
}

int show(const config::Settings& settings, const Values& given) {
  const auto user = find_user(settings, given.text("NAME"));
  const auto path = locate(settings, user);
  print_field("name", user.name);
  print_hash(user.hash);
  print_field("uid", text(user.uid));
  print_field("gid", text(user.gid));
  print_field("home", user.home);
  print_field("mail", user.mail);
  print_field("Maildir", path ? *path : std::string(description(path.error())));
  print_field("scram", state_of_scram(user));
  print_rights(user);
  print_app_passwords(settings, user);
  return 0;
}

} // namespace

Command user_show() {
  return {"user show", "Print what the users file says about a user",
          "Of the password's hash it prints only the scheme and the cost.",
          Options{{"NAME", "The user"}}, show};
}

} // namespace admin
