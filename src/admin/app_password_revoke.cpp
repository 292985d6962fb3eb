// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/user_access.hpp"
#include "users/users_editor.hpp"

#include <iostream>
#include <memory>

namespace admin {

namespace {

struct Request {
  std::string name, label;
};

int revoke(const config::Settings& settings, const Request& request) {
  find_user(settings, request.name);
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::fail);
  const auto start = "sodapop_app=" + request.label + ";";
  if (!editor.remove_extra(request.name,
                           [&](std::string_view word) { return word.starts_with(start); }))
    throw Failure(request.name + " has no app password " + request.label);
  editor.commit();
  std::cout << "revoked the app password " << request.label << " of " << request.name << '\n';
  return 0;
}

} // namespace

Command app_password_revoke() {
  const auto request = std::make_shared<Request>();
  return {"app-password revoke", "Make an app password invalid",
          "From the next login on; a session that is open goes on.",
          Options{{"NAME", &request->name, "The user"}, {"LABEL", &request->label, "Its label"}},
          [request](const config::Settings& settings) { return revoke(settings, *request); }};
}

} // namespace admin
