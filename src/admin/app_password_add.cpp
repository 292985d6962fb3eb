// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "users/app_password.hpp"
#include "users/users_editor.hpp"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>

namespace admin {

namespace {

using users::Rights;

struct Request {
  std::string name, label, expires;
  bool read_only = false;
  std::vector<std::string> from;
};

Rights rights_of(const Request& request) {
  Rights rights;
  rights.read_only = request.read_only;
  if (!request.from.empty())
    rights.networks = to_networks(request.from);
  if (!request.expires.empty())
    rights.expires = to_end(request.expires);
  if (rights.expires && *rights.expires <= std::time(nullptr))
    throw Failure("that day is over: " + request.expires);
  return rights;
}

void require_room(const users::User& user, const std::string& label) {
  if (!users::is_valid_label(label))
    throw Failure("not a label: 1 to " + std::to_string(users::max_label) +
                  " of A-Z a-z 0-9 . - _ @ +");
  const auto& all = user.app_passwords;
  if (std::ranges::find(all, label, &users::AppPassword::label) != all.end())
    throw Failure(user.name + " already has an app password " + label);
  if (all.size() >= users::max_app_passwords)
    throw Failure(user.name + " already has " + std::to_string(all.size()) +
                  " app passwords: revoke one first");
}

int add(const config::Settings& settings, const Request& request) {
  const auto rights = rights_of(request);
  require_room(find_user(settings, request.name), request.label);
  const auto password = users::generate_app_password();
  const auto made = users::make_app_password(request.label, password, rights);
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::fail);
  if (!editor.add_extra(request.name, to_word(made)))
    throw Failure("no user " + request.name + " in " + settings.users + " any more");
  editor.commit();
  std::cerr << "the app password " << request.label << " of " << request.name
            << ", which cannot be shown again; hyphens, blanks and capitals do not matter:\n";
  std::cout << password.reveal() << '\n';
  return 0;
}

} // namespace

Command app_password_add() {
  const auto request = std::make_shared<Request>();
  return {
      "app-password add", "Make a password for one program or device",
      "It is generated, and printed once, alone on standard output. The users file keeps a "
      "digest.",
      Options{
          {"NAME", &request->name, "The user"},
          {"LABEL", &request->label, "What it is for, such as phone"},
          {"--expires YYYY-MM-DD", &request->expires, "The last day on which it is good, in UTC"},
          {"--read-only", &request->read_only, "It cannot remove messages or mark them as seen"},
          {"--from NETWORK", &request->from, "Where logins with it may come from; may be repeated"},
      },
      [request](const config::Settings& settings) { return add(settings, *request); }};
}

} // namespace admin
