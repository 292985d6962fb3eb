// SPDX-License-Identifier: ISC
#include "users/app_password.hpp"
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "base/time_of_day.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace admin {

namespace {

using users::User;

users::Rights rights_of(const Values& given) {
  users::Rights rights;
  rights.read_only = given.flag("--read-only");
  if (const auto& from = given.list("--from"); !from.empty())
    rights.networks = to_networks(from);
  const auto expires = given.text("--expires");
  if (!expires.empty())
    rights.expires = to_end(expires);
  if (rights.expires && *rights.expires <= base::seconds_since_1970())
    throw UsageError("the day " + expires + " is over");
  return rights;
}

bool has(const User& user, const std::string& label) {
  return std::ranges::find(user.app_passwords, label, &users::AppPassword::label) !=
         user.app_passwords.end();
}

void require_room(const User& user, const std::string& label) {
  if (!users::is_valid_label(label))
    throw UsageError("'" + label + "' is not a label: 1 to " + std::to_string(users::max_label) +
                     " of A-Z a-z 0-9 . - _ @ +");
  if (has(user, label))
    throw Failure(user.name + " already has an app password " + label);
  if (user.app_passwords.size() >= users::max_app_passwords)
    throw Failure(user.name + " already has " + std::to_string(user.app_passwords.size()) +
                  " app passwords: revoke one first");
}

int add_password(const config::Settings& settings, const Values& given) {
  const auto name = given.text("NAME"), label = given.text("LABEL");
  const auto rights = rights_of(given);
  const auto user = find_user(settings, name);
  require_room(user, label);
  const auto password = users::generate_app_password();
  const auto word = to_word(users::make_app_password(label, password, rights));
  change_user(settings, name, [&](auto& editor) { return editor.add_extra(name, word); });
  std::cerr << "the app password " << label << " of " << name
            << ", which cannot be shown again; hyphens, blanks and capitals do not matter:\n";
  std::cout << password.reveal() << '\n';
  if (users::is_locked(user.hash))
    std::cerr << "sodapop: " << name
              << " is locked, and cannot log in with it until a new password "
              << "unlocks the user: sodapop user password --unlock " << name << '\n';
  return 0;
}

void print_password(const User& user, const users::AppPassword& password, const UsageTexts& uses,
                    Fields& fields) {
  const auto& [read_only, networks, end] = password.rights;
  fields.text("user", user.name);
  fields.text("label", password.label);
  fields.text("last-use", uses.text(user.name, password));
  fields.flag("read-only", read_only);
  fields.text("expires", end ? users::last_day(*end) : "");
  fields.text("from", networks ? networks->text() : "");
  fields.end_object();
}

int list_passwords(const config::Settings& settings, const Values& given) {
  const UsageTexts uses(settings.state_directory);
  const bool json = given.flag("--json");
  Fields fields(json ? Fields::Form::array : Fields::Form::lines);
  const auto print = [&](const User& user) {
    for (const auto& password : user.app_passwords)
      if (json)
        print_password(user, password, uses, fields);
      else
        std::cout << std::left << std::setw(23) << user.name << ' ' << std::setw(15)
                  << password.label << ' ' << std::setw(20) << uses.text(user.name, password) << ' '
                  << or_dash(limits_of(password.rights)) << '\n';
  };
  if (const auto name = given.text("NAME"); name.empty())
    for_each_user(settings, print);
  else
    print(find_user(settings, name));
  fields.finish();
  return 0;
}

int revoke_password(const config::Settings& settings, const Values& given) {
  const auto name = given.text("NAME"), label = given.text("LABEL");
  if (!has(find_user(settings, name), label))
    throw Failure(name + " has no app password " + label);
  change_user(settings, name, [&](auto& editor) {
    const auto start = "sodapop_app=" + label + ";";
    return editor.remove_extra(name, [&](auto word) { return word.starts_with(start); });
  });
  std::cout << "revoked the app password " << label << " of " << name << '\n';
  return 0;
}

} // namespace

Commands app_password() {
  return {
      {"app-password", "Passwords for single programs"},
      {"app-password add", "Make a password for one program or device",
       "It is generated, and printed once, alone on standard output. The users file keeps a "
       "digest.",
       Options{
           {"NAME", "The user"},
           {"LABEL", "What it is for, such as phone"},
           {"--expires YYYY-MM-DD", "The last day on which it is good, in UTC"},
           {"--read-only", "It cannot remove messages or mark them as seen"},
           {"--from NETWORK", "Where logins with it may come from; may be repeated",
            Rules{.takes = Takes::texts}},
       },
       add_password},
      {"app-password list", "Print app passwords, of one user or of all",
       "Prints user, label, last use and limits. The passwords themselves cannot be shown.",
       Options{{"[NAME]", "The user"}, {"--json", "Print an array of objects"}}, list_passwords},
      {"app-password revoke", "Make an app password invalid",
       "From the next login on; a session that is open goes on.",
       Options{{"NAME", "The user"}, {"LABEL", "Its label"}}, revoke_password},
  };
}

} // namespace admin
