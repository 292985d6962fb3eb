// SPDX-License-Identifier: ISC
// The commands that add, change and remove users.
#include "admin/account.hpp"
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/maildir_create.hpp"
#include "admin/password_prompt.hpp"
#include "admin/printable.hpp"
#include "admin/storage_options.hpp"
#include "admin/user_access.hpp"
#include "users/line_edit.hpp"
#include "users/users_editor.hpp"

#include <iostream>
#include <unistd.h>

namespace admin {

namespace {

using users::User;

/// Takes the account's uid and gid together or not at all: numbers of one account with the home of
/// another would not be a mailbox of either.
User described_by(const Values& given) {
  User user;
  user.name = given.text("NAME");
  user.uid = given.number("--uid");
  user.gid = given.number("--gid");
  user.home = given.text("--home");
  user.mail = given.text("--mail");
  user.shared = given.flag("--shared");
  if (user.uid)
    return user;
  const auto named = given.text("--system-user");
  const auto account = find_account(named.empty() ? user.name : named);
  if (!named.empty() && !account)
    throw Failure("the system has no account " + named);
  if (account) {
    user.uid = account->identity.uid;
    user.gid = account->identity.gid;
    if (user.home.empty())
      user.home = account->home;
  }
  return user;
}

/// Has all fields: a word that is appended by hand, to restrict the user, must be in the last one.
std::string line_for(const User& user) {
  auto line = user.name + ':' + user.hash + ':' + id_text(user.uid) + ':' + id_text(user.gid) +
              "::" + user.home + "::";
  if (!user.mail.empty())
    line = users::with_extra(line, "userdb_mail=maildir:" + user.mail);
  if (user.shared)
    line = users::with_extra(line, "sodapop_shared=yes");
  if (!user.scram.empty())
    line = users::with_extra(line, "sodapop_scram=" + user.scram);
  return line;
}

/// Parses the line again: a colon or a blank in a path would change its meaning.
void require_survives_writing(const User& user) {
  const auto read = users::parse_user(line_for(user));
  if (!read)
    throw Failure(description(read.error()));
  if (read->home != user.home || read->mail != user.mail)
    throw Failure("the users file cannot hold a path with a colon, nor --mail with a blank");
}

void require_new(const config::Settings& settings, const std::string& name) {
  if (::access(settings.users.c_str(), F_OK) == 0 && open_users(settings).find(name, {}))
    throw Failure(name + " is already in " + settings.users);
}

/// Two users with one Maildir read each other's mail: it must be said that this is meant.
void require_own_maildir(const config::Settings& settings, const User& user,
                         const std::string& path) {
  const auto other = user.shared ? std::nullopt : other_user_of(settings, path, user.name);
  if (other)
    throw Failure("the Maildir " + path + " is " + *other + "'s: give " + user.name +
                  " another one by --home or --mail, or say by --shared that both read it");
}

/// Names the users whose lines do not say so yet.
void tell_of_unshared(const config::Settings& settings, const User& user, const std::string& path) {
  if (!user.shared)
    return;
  for (const auto& other : unshared_users_of(settings, path, user.name))
    std::cerr << "sodapop: " << other << " has the same Maildir: to say so in that line too, run "
              << "sodapop user rights " << other << " --shared yes\n";
}

void report(const config::Settings& settings, const User& user, const std::string& path) {
  std::cout << "added " << user.name << " to " << settings.users;
  if (user.uid)
    std::cout << ", uid " << *user.uid << ", gid " << user.gid.value_or(0);
  else
    std::cout << ", without uid, for a server that runs as the mail account";
  const bool is_missing = ::access(path.c_str(), F_OK) != 0 && errno == ENOENT;
  std::cout << "; Maildir " << printable(path) << (is_missing ? " (does not exist yet)" : "")
            << '\n';
}

int add_user(const config::Settings& settings, const Values& given) {
  require_valid_name(given.text("NAME"));
  require_reachable(settings, given.text("NAME"));
  auto user = described_by(given);
  require_servable(settings, user);
  require_survives_writing(user);
  const auto path = maildir_of(settings, user);
  const auto storage = storage_of(given, settings);
  require_new(settings, user.name);
  require_own_maildir(settings, user, path);
  if (given.flag("--create-maildir") && !user.uid && ::geteuid() == 0)
    throw UsageError("--create-maildir needs to know whose it is: give --uid and --gid");
  const auto stored = store(ask_new_password(given, user.name), storage);
  user.hash = stored.hash;
  user.scram = stored.scram.value_or("");
  if (given.flag("--create-maildir"))
    make_maildir(user, path);
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::create);
  if (editor.contains(user.name))
    throw Failure(user.name + " is already in " + settings.users);
  require_own_maildir(settings, user, path); // again, as the file is locked now
  editor.append(line_for(user));
  commit(settings, editor);
  report(settings, user, path);
  tell_of_unshared(settings, user, path);
  return 0;
}

int change_password(const config::Settings& settings, const Values& given) {
  const auto name = given.text("NAME");
  const auto storage = storage_of(given, settings);
  if (users::is_locked(find_user(settings, name).hash) && !given.flag("--unlock"))
    throw Failure(name + " is locked, and a new password would let the user in again: --unlock " +
                  "does so");
  const auto stored = store(ask_new_password(given, name), storage);
  change_user(settings, name, [&](auto& editor) {
    return editor.replace_hash(name, stored.hash) &&
           editor.set_extra(name, "sodapop_scram", stored.scram);
  });
  std::cout << "changed the password of " << name << '\n';
  return 0;
}

/// The Maildir of the user; empty if it cannot be determined.
std::string place_of_mail(const config::Settings& settings, const std::string& name) {
  const auto user = open_users(settings).find(name, {});
  if (!user)
    return {};
  const auto path = locate(settings, *user);
  return path ? *path : "";
}

int remove_user(const config::Settings& settings, const Values& given) {
  const auto name = given.text("NAME");
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::fail);
  const auto mail = place_of_mail(settings, name);
  if (editor.remove(name) == 0)
    throw Failure("no user " + name + " in " + settings.users);
  commit(settings, editor);
  std::cout << "removed " << printable(name) << " from " << settings.users
            << (mail.empty() ? "" : "; the mail, if any, is still in " + printable(mail)) << '\n';
  return 0;
}

} // namespace

Commands user_edit() {
  return {
      {"user", "Users: their passwords, rights and Maildirs"},
      {"user add", "Add a user",
       "The users file is made when it is missing. Without --uid and --gid, the uid, the gid and\n"
       "the home are those of the system account of that name, if there is one. The password is\n"
       "asked for twice, without echo.",
       Options{
           {"NAME", "The name that the user logs in with"},
           {"--uid UID", "The uid that owns the Maildir", Rules{.takes = Takes::number}},
           {"--gid GID", "The gid of that account", Rules{.takes = Takes::number, .with = "--uid"}},
           {"--system-user ACCOUNT", "Take uid, gid and home from this account",
            Rules{.without = "--uid"}},
           {"--home DIRECTORY", "The home, for %h and ~/ in a Maildir's path"},
           {"--mail PATH", "The Maildir's path, instead of the setting `maildir`"},
           {"--create-maildir", "Make the Maildir, as the user"},
           {"--shared", "The Maildir may be another user's too"},
           password_option(),
       } + storage_options(),
       add_user},
      {"user password", "Change a user's password",
       "The password is asked for twice, without echo.",
       Options{
           {"NAME", "The user"}, {"--unlock", "Let a locked user in again"}, password_option()} +
           storage_options(),
       change_password},
      {"user remove", "Remove a user from the users file",
       "Mail is never removed: the command says where it is. A session that is open goes on.",
       Options{{"NAME", "The user"}}, remove_user},
  };
}

} // namespace admin
