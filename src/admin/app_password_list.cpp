// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"

#include <ctime>
#include <iomanip>
#include <iostream>
#include <memory>

namespace admin {

namespace {

constexpr int name_width = 23;
constexpr int label_width = 15;
constexpr int time_width = 20; // of 2027-01-31T23:59:59Z

void print(const users::User& user, const UsageTexts& uses) {
  for (const auto& password : user.app_passwords)
    std::cout << std::left << std::setw(name_width) << user.name << ' ' << std::setw(label_width)
              << password.label << ' ' << std::setw(time_width) << uses.text(user.name, password)
              << ' ' << describe(password.rights, std::time(nullptr)) << '\n';
}

int list(const config::Settings& settings, const std::string& name) {
  const UsageTexts uses(settings.state_directory);
  if (!name.empty()) {
    print(find_user(settings, name), uses);
    return 0;
  }
  open_users(settings).for_each(
      [&](const users::User& user) {
        print(user, uses);
        return true;
      },
      complain(settings));
  return 0;
}

} // namespace

Command app_password_list() {
  const auto name = std::make_shared<std::string>();
  return {"app-password list", "Print app passwords, of one user or of all",
          "Prints user, label, last use and limits. The passwords themselves cannot be shown.",
          Options{{"[NAME]", name.get(), "The user"}},
          [name](const config::Settings& settings) { return list(settings, *name); }};
}

} // namespace admin
