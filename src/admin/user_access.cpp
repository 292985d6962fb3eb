// SPDX-License-Identifier: ISC
#include "admin/user_access.hpp"

#include "admin/failure.hpp"
#include "admin/printable.hpp"
#include "users/authenticate.hpp"
#include "users/location.hpp"
#include "users/login_name.hpp"

#include <iostream>
#include <system_error>
#include <unistd.h>

namespace admin {

namespace {

std::string compiled(const config::Settings& settings) {
  return settings.users + std::string(users::compiled_suffix);
}

void tell_of_outdated_form(const config::Settings& settings) {
  std::cerr << "sodapop: " << compiled(settings) << ' '
            << description(users::compiled_problem::outdated)
            << ", which is read instead: run sodapop users compile\n";
}

/// Calls `visit` with each user but `name` whose Maildir is `path`, until it returns false.
void each_other_at(const config::Settings& settings, const std::string& path,
                   const std::string& name, const std::function<bool(const users::User&)>& visit) {
  if (::access(settings.users.c_str(), F_OK) != 0 && errno == ENOENT)
    return;
  const auto place = users::plain_path(path);
  open_users(settings).for_each(
      [&](const users::User& user, auto, auto) {
        const auto theirs = locate(settings, user);
        const bool is_there = user.name != name && theirs && users::plain_path(*theirs) == place;
        return !is_there || visit(user);
      },
      {});
}

} // namespace

users::UsersFile open_users(const config::Settings& settings) {
  auto users = users::UsersFile::open(settings.users);
  if (!users)
    throw Failure(settings.users + " " + std::string(description(users.error())));
  return std::move(*users);
}

users::UserStore open_store(const config::Settings& settings) {
  auto store = users::UserStore::open(settings.users);
  if (!store)
    throw Failure((store.error().is_compiled ? compiled(settings) : settings.users) + ' ' +
                  std::string(store.error().sentence));
  if (store->is_outdated())
    tell_of_outdated_form(settings);
  return std::move(*store);
}

users::OnBadLine complain(const config::Settings& settings) {
  return [path = settings.users](std::uint64_t number, base::Problem problem) {
    std::cerr << "sodapop: " << path << ':' << number << ": " << description(problem) << '\n';
  };
}

users::User find_user(const config::Settings& settings, const std::string& name) {
  auto user = open_users(settings).find(name, complain(settings));
  if (!user)
    throw Failure("no user " + name + " in " + settings.users);
  return std::move(*user);
}

void for_each_user(const config::Settings& settings,
                   const std::function<void(const users::User&)>& visit) {
  open_users(settings).for_each(
      [&](const users::User& user, auto, auto) { return visit(user), true; }, complain(settings));
}

void change_user(const config::Settings& settings, const std::string& name,
                 const std::function<bool(users::UsersEditor&)>& change) {
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::fail);
  if (!change(editor))
    throw Failure("no user " + name + " in " + settings.users + " any more");
  commit(settings, editor);
}

void tell_if_outdated(const config::Settings& settings) {
  try {
    const auto store = users::UserStore::open(settings.users);
    if (store && store->is_outdated())
      tell_of_outdated_form(settings);
    else if (!store && store.error().is_compiled)
      std::cerr << "sodapop: " << compiled(settings) << ' ' << store.error().sentence
                << ", and so no user can log in: run sodapop users compile\n";
  } catch (const std::system_error& error) {
    std::cerr << "sodapop: whether the compiled users are outdated is not known: "
              << printable(error.what()) << '\n';
  }
}

void commit(const config::Settings& settings, users::UsersEditor& editor) {
  editor.commit();
  tell_if_outdated(settings);
}

base::Result<std::string, base::Problem> locate(const config::Settings& settings,
                                                const users::User& user) {
  return users::locate(settings.maildir, user.name, user.home, user.mail);
}

std::string maildir_of(const config::Settings& settings, const users::User& user) {
  const auto path = locate(settings, user);
  if (!path)
    throw Failure(user.name + ": " + std::string(description(path.error())));
  return *path;
}

std::optional<std::string> other_user_of(const config::Settings& settings, const std::string& path,
                                         const std::string& name) {
  std::optional<std::string> other;
  each_other_at(settings, path, name, [&](const users::User& user) {
    other = user.name;
    return false;
  });
  return other;
}

std::vector<std::string> unshared_users_of(const config::Settings& settings,
                                           const std::string& path, const std::string& name) {
  std::vector<std::string> others;
  each_other_at(settings, path, name, [&](const users::User& user) {
    if (!user.shared)
      others.push_back(user.name);
    return true;
  });
  return others;
}

std::string id_text(std::optional<std::uint32_t> id) {
  return id ? std::to_string(*id) : "";
}

passwords::Cost ceiling(const config::Settings& settings) {
  return users::ceiling_of(settings);
}

void require_valid_name(const std::string& name) {
  if (!users::is_valid_name(name))
    throw Failure(
        "not a user name: 1 to 255 of A-Z a-z 0-9 . - _ + and at most one @, no part of it "
        "empty or with a dot in front");
}

void require_reachable(const config::Settings& settings, const std::string& name) {
  const auto reached = users::login_name(name, settings);
  if (reached != name)
    throw Failure("no login can have the name " + name + ": name-case or default-domain makes " +
                  reached + " of it, so give that name");
  if (users::lacks_domain(name, settings))
    throw Failure("no login can have the name " + name + ": require-domain asks for a domain, so " +
                  "give the name with one");
}

void require_servable(const config::Settings& settings, const users::User& user) {
  if (user.uid == 0u)
    throw Failure("uid 0 is never served");
  if (user.gid == 0u)
    throw Failure("gid 0 is never served");
  if (::geteuid() == 0 && user.uid && *user.uid < settings.minimum_uid)
    throw Failure("uid " + std::to_string(*user.uid) + " is below minimum-uid, which is " +
                  std::to_string(settings.minimum_uid));
  if (::geteuid() == 0 && user.gid && *user.gid < settings.minimum_gid)
    throw Failure("gid " + std::to_string(*user.gid) + " is below minimum-gid, which is " +
                  std::to_string(settings.minimum_gid));
}

} // namespace admin
