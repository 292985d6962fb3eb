// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "passwords/scram_verifier.hpp"
#include "users/location.hpp"

#include <ctime>
#include <iostream>
#include <memory>

namespace admin {

namespace {

void print(std::string_view key, std::string_view value) {
  print_field(std::cout, key, value);
}

template <class Id> std::string text(const std::optional<Id>& id) {
  return id ? std::to_string(*id) : "";
}

void print_hash(const std::string& hash) {
  const auto cost = passwords::cost_of(hash);
  if (!cost) {
    print("hash", hash.empty() || hash == "*" || hash.starts_with('!') ? "disabled"
                                                                       : description(cost.error()));
    return;
  }
  print("scheme", *passwords::scheme_of(hash));
  print("memory", std::to_string(cost->memory / 1024) + " KiB");
  print("operations", std::to_string(cost->operations));
}

/// The text after the last semicolon is the tag of the hash that the verifier was made for.
std::string state_of_scram(const users::User& user) {
  if (user.scram.empty())
    return "no";
  const auto tag = user.scram.rfind(';');
  const bool is_current =
      tag != std::string::npos && user.scram.substr(tag + 1) == passwords::scram_tag(user.hash);
  return is_current ? "yes" : "outdated: the password was changed elsewhere";
}

void print_app_passwords(const config::Settings& settings, const users::User& user,
                         std::time_t now) {
  if (user.app_passwords.empty())
    return;
  const UsageTexts uses(settings.state_directory);
  for (const auto& password : user.app_passwords)
    print("app-password", password.label + ", last use " + uses.text(user.name, password) + ", " +
                              describe(password.rights, now));
}

int show(const config::Settings& settings, const std::string& name) {
  const auto user = find_user(settings, name);
  const auto path = users::locate(settings.maildir, user.name, user.home, user.mail);
  print("name", user.name);
  print_hash(user.hash);
  print("uid", text(user.uid));
  print("gid", text(user.gid));
  print("home", user.home);
  print("mail", user.mail);
  print("Maildir", path ? *path : description(path.error()));
  print("scram", state_of_scram(user));
  const auto now = std::time(nullptr);
  print_rights(std::cout, user, now);
  print_app_passwords(settings, user, now);
  return 0;
}

} // namespace

Command user_show() {
  const auto name = std::make_shared<std::string>();
  return {"user show", "Print what the users file says about a user",
          "Of the password's hash it prints only the scheme and the cost.",
          Options{{"NAME", name.get(), "The user"}},
          [name](const config::Settings& settings) { return show(settings, *name); }};
}

} // namespace admin
