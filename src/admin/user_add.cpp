// SPDX-License-Identifier: ISC
#include "admin/account.hpp"
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/mailbox.hpp"
#include "admin/password_prompt.hpp"
#include "admin/storage_options.hpp"
#include "admin/user_access.hpp"
#include "users/users_editor.hpp"

#include <iostream>
#include <memory>
#include <unistd.h>

namespace admin {

namespace {

using users::User;

struct Request {
  User user;
  std::string system_user;
  PasswordPrompt prompt;
  CostOptions cost;
  ScramOptions scram;
  bool create_maildir = false;
};

/// Takes the account's uid and gid together or not at all: numbers of one account with the home of
/// another would not be a mailbox of either.
User described_by(const Request& request) {
  auto user = request.user;
  if (user.uid)
    return user;
  const bool named = !request.system_user.empty();
  const auto account = find_account(named ? request.system_user : user.name);
  if (named && !account)
    throw Failure("the system has no account " + request.system_user);
  if (account) {
    user.uid = account->identity.uid;
    user.gid = account->identity.gid;
    if (user.home.empty())
      user.home = account->home;
  }
  return user;
}

std::string extra_for(const User& user) {
  std::string extra = user.mail.empty() ? "" : "userdb_mail=maildir:" + user.mail;
  if (!user.scram.empty())
    extra += (extra.empty() ? "" : " ") + ("sodapop_scram=" + user.scram);
  return extra.empty() ? "" : ":" + extra;
}

std::string line_for(const User& user) {
  return user.name + ':' + user.hash + ':' + (user.uid ? std::to_string(*user.uid) : "") + ':' +
         (user.gid ? std::to_string(*user.gid) : "") + "::" + user.home + ':' + extra_for(user);
}

/// Parses the line again: a colon or a blank in a path would change its meaning.
void require_survives_writing(const User& user) {
  const auto read = users::parse_user(line_for(user));
  if (!read)
    throw Failure(std::string(description(read.error())));
  if (read->home != user.home || read->mail != user.mail)
    throw Failure("the users file cannot hold a path with a colon, nor --mail with a blank");
}

void require_new(const config::Settings& settings, const std::string& name) {
  if (::access(settings.users.c_str(), F_OK) == 0 && open_users(settings).find(name, {}))
    throw Failure(name + " is already in " + settings.users);
}

void make_maildir(const User& user, const std::string& path) {
  const bool is_root = ::geteuid() == 0;
  if (!user.uid && is_root)
    throw Failure("--create-maildir needs to know whose it is: give --uid and --gid");
  const auto work = [&path] {
    create_maildir(path);
    return std::string();
  };
  as_user({user.uid.value_or(::geteuid()), user.gid.value_or(::getegid())}, work);
}

void report(const config::Settings& settings, const User& user, const std::string& path) {
  std::cout << "added " << user.name << " to " << settings.users;
  if (user.uid)
    std::cout << ", uid " << *user.uid << ", gid " << user.gid.value_or(0);
  else
    std::cout << ", without uid, for a server that runs as the mail account";
  const bool is_missing = ::access(path.c_str(), F_OK) != 0 && errno == ENOENT;
  std::cout << "; Maildir " << path << (is_missing ? " (does not exist yet)" : "") << '\n';
}

int add(const config::Settings& settings, const Request& request) {
  require_valid_name(request.user.name);
  auto user = described_by(request);
  require_servable(settings, user);
  require_survives_writing(user);
  const auto path = maildir_of(settings, user);
  const auto cost = request.cost.cost_within(ceiling(settings));
  require_new(settings, user.name);
  const auto password = request.prompt.ask_new(user.name);
  user.hash = passwords::make(password, cost);
  user.scram = request.scram.value(password, user.hash).value_or("");
  if (request.create_maildir)
    make_maildir(user, path);
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::create);
  if (editor.contains(user.name))
    throw Failure(user.name + " is already in " + settings.users);
  editor.append(line_for(user));
  editor.commit();
  report(settings, user, path);
  return 0;
}

} // namespace

Command user_add() {
  const auto request = std::make_shared<Request>();
  auto& user = request->user;
  return {
      "user add", "Add a user",
      "The users file is made when it is missing. Without --uid and --gid, the uid, the gid and\n"
      "the home are those of the system account of that name, if there is one. The password is\n"
      "asked for twice, without echo.",
      Options{
          {"NAME", &user.name, "The name that the user logs in with"},
          {"--uid UID", &user.uid, "The uid that owns the Maildir"},
          {"--gid GID", &user.gid, "The gid of that account", Rules{.with = "--uid"}},
          {"--system-user ACCOUNT", &request->system_user,
           "Take uid, gid and home from this account", Rules{.without = "--uid"}},
          {"--home DIRECTORY", &user.home, "The home, for %h and ~/ in a Maildir's path"},
          {"--mail PATH", &user.mail, "The Maildir's path, instead of the setting `maildir`"},
          {"--create-maildir", &request->create_maildir, "Make the Maildir, as the user"},
          request->prompt.option(),
      } + request->cost.options() +
          request->scram.options(),
      [request](const config::Settings& settings) { return add(settings, *request); }};
}

} // namespace admin
