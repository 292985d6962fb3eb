// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/site.hpp"
#include "maildir/location.hpp"

#include <iomanip>
#include <iostream>

namespace admin {

namespace {

constexpr int name_width = 31;
constexpr int uid_width = 10; // of the largest uid

void print(const base::Settings& settings, const credentials::User& user) {
  const auto path = maildir::locate(settings.maildir, user.name, user.home, user.mail);
  std::cout << std::left << std::setw(name_width) << user.name << ' ' << std::right
            << std::setw(uid_width) << (user.uid ? std::to_string(*user.uid) : "-") << ' '
            << (path ? *path : "- (" + std::string(sentence(path.error())) + ")") << '\n';
}

int list(const base::Settings& settings) {
  open_users(settings).for_each(
      [&](const credentials::User& user) {
        print(settings, user);
        return true;
      },
      complain(settings));
  return 0;
}

} // namespace

void declare_user_list(CLI::App& parent, const base::Settings& settings, Action& action) {
  auto* command = parent.add_subcommand("list", "Print each user's name, uid and Maildir");
  command->footer(
      "In the order of the users file. Its malformed lines are reported on standard error.");
  command->callback([&settings, &action] { action = [&settings] { return list(settings); }; });
}

} // namespace admin
