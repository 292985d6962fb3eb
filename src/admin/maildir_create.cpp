// SPDX-License-Identifier: ISC
#include "admin/maildir_create.hpp"

#include "admin/account.hpp"
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/mailbox.hpp"
#include "admin/printable.hpp"
#include "admin/shell_word.hpp"
#include "admin/user_access.hpp"

#include <boost/algorithm/string/trim.hpp>
#include <iostream>
#include <set>
#include <system_error>
#include <unistd.h>

namespace admin {

namespace {

using users::User;
using SortedNames = std::set<std::string>;

bool does_not_exist(const std::string& path) {
  return ::access(path.c_str(), F_OK) != 0 && errno == ENOENT;
}

bool is_whole(const std::string& path) {
  try {
    return has_maildir(path);
  } catch (const std::system_error&) {
    return false;
  }
}

// What the process that acts as the user sends.
constexpr auto was_made = "made", was_there = "is there", may_not_make = "may not make";

std::string make_missing(const std::string& path) {
  if (is_whole(path))
    return was_there;
  try {
    create_maildir(path);
    return was_made;
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::permission_denied && does_not_exist(path))
      return may_not_make;
    throw;
  }
}

base::Identity identity_of(const User& user) {
  if (::geteuid() == 0 && (!user.uid || !user.gid))
    throw Failure(user.name + " has no uid and gid: run this as the account of the server");
  return {user.uid.value_or(::geteuid()), user.gid.value_or(::getegid())};
}

/// Makes the Maildirs of users one after the other, and counts.
class Work {
 public:
  explicit Work(const config::Settings& settings) : settings_(settings) {}

  /// Prints what is made, and what is in the way.
  void make(const User& user) {
    try {
      const auto path = maildir_of(settings_, user);
      require_servable(settings_, user);
      const bool is_new = make_maildir(user, path);
      ++(is_new ? made_ : there_);
      if (is_new)
        std::cout << "made " << printable(path) << " for " << user.name << '\n';
    } catch (const std::exception& error) {
      fail(user.name + ": " + error.what());
    }
  }

  void fail(const std::string& why) {
    ++failed_;
    std::cerr << "sodapop: " << printable(why) << '\n';
  }

  /// Prints the counts, and gives the exit status.
  int finish() const {
    std::cout << "Maildirs: " << made_ << " made, " << there_ << " there already";
    if (failed_ > 0)
      std::cout << ", " << failed_ << " not made";
    std::cout << '\n';
    return failed_ > 0 ? 1 : 0;
  }

 private:
  const config::Settings& settings_;
  std::uint64_t made_ = 0, there_ = 0, failed_ = 0;
};

SortedNames names_of(const Values& given) {
  const auto name = given.text("NAME");
  if (name != "-")
    return {name};
  SortedNames names;
  for (std::string line; std::getline(std::cin, line);)
    if (boost::algorithm::trim(line); !line.empty())
      names.insert(line);
  return names;
}

int create(const config::Settings& settings, const Values& given) {
  const bool is_for_all = given.flag("--all");
  auto names = is_for_all ? SortedNames() : names_of(given);
  Work work(settings);
  for_each_user(settings, [&](const User& user) {
    if (is_for_all || names.erase(user.name) > 0)
      work.make(user);
  });
  for (const auto& name : names)
    work.fail("no user " + name + " in " + settings.users);
  return work.finish();
}

} // namespace

std::string place_to_make(const User& user, const std::string& path) {
  const auto home = users::plain_path(user.home);
  const auto maildir = users::plain_path(path);
  const bool is_above = !home.empty() && maildir.starts_with(home + "/");
  return is_above && does_not_exist(home) ? home : maildir;
}

bool make_maildir(const User& user, const std::string& path) {
  const auto who = identity_of(user);
  const auto answer = as_user(who, [&path] { return make_missing(path); });
  if (answer != may_not_make)
    return answer == was_made;
  const auto uid = std::to_string(who.uid), gid = std::to_string(who.gid);
  throw Failure("uid " + uid + " may not make " + path + ": as root run install -d -o " + uid +
                " -g " + gid + " -m 0700 " + shell_word(place_to_make(user, path)) +
                ", then sodapop maildir create " + user.name);
}

Commands maildir() {
  return {{"maildir", "Maildirs: make those that are missing"},
          {"maildir create", "Make the Maildirs of users that are missing",
           "They are made as the users themselves. What is there already stays as it is.",
           Options{
               {"[NAME]", "The user, or - for names on standard input, one on each line"},
               {"--all", "All users of the users file", Rules{.instead_of = "NAME"}},
           },
           create}};
}

} // namespace admin
