// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/user_access.hpp"

#include <iostream>

namespace admin {

namespace {

/// The Maildir of the user; empty if it cannot be determined.
std::string place_of_mail(const config::Settings& settings, const std::string& name) {
  const auto user = open_users(settings).find(name, {});
  if (!user)
    return {};
  const auto path = locate(settings, *user);
  return path ? *path : "";
}

int remove(const config::Settings& settings, const Values& given) {
  const auto name = given.text("NAME");
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::fail);
  const auto mail = place_of_mail(settings, name);
  if (editor.remove(name) == 0)
    throw Failure("no user " + name + " in " + settings.users);
  editor.commit();
  std::cout << "removed " << name << " from " << settings.users
            << (mail.empty() ? "" : "; the mail, if any, is still in " + mail) << '\n';
  return 0;
}

} // namespace

Command user_remove() {
  return {"user remove", "Remove a user from the users file",
          "Mail is never removed: the command says where it is. A session that is open goes on.",
          Options{{"NAME", "The user"}}, remove};
}

} // namespace admin
