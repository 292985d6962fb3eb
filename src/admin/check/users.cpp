// SPDX-License-Identifier: ISC
#include "admin/check/doubled_users.hpp"
#include "admin/check/mailboxes.hpp"
#include "admin/check/users_file.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace admin {

namespace {

using users::User;
using users::UsersFile;

void check_front(const CheckContext& context, const User& user, std::optional<uid_t> front,
                 const FindingsAt& at) {
  if (user.uid && front == *user.uid)
    at.error("front-account-shared",
             "the user's uid is that of the front account " + context.settings.front_account,
             "Give the user or the front another account");
}

/// `1 user`, `2 users`.
std::string counted(std::size_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

void check_lines(const CheckContext& context, const UsersFile& file, Findings& findings) {
  const auto front = front_uid(context);
  const auto compiled = check_compiled(context, file, findings);
  bool is_whole = true;
  check_readable(context, file, compiled, findings);
  std::size_t number_of_users = 0;
  Mailboxes mailboxes(context, findings);
  DoubledUsers doubled(context);
  const auto visit = [&](const User& user, auto, auto) {
    const FindingsAt at(context.settings.users + ": " + user.name, findings);
    check_user(context, user, findings);
    check_front(context, user, front, at);
    check_readable_by(context, user, file, compiled, at);
    is_whole = is_whole && check_compiled_line(context, compiled, user, findings);
    if (++number_of_users <= most_mailboxes || context.all_users)
      mailboxes.add(user);
    doubled.add(user);
    findings.users_done(number_of_users);
    return true;
  };
  file.for_each(visit, [&](std::uint64_t number, base::Problem problem) {
    findings.error("users-line", context.settings.users + ":" + std::to_string(number),
                   description(problem), "Correct the line as sodapop-users(5) says");
  });
  mailboxes.finish();
  doubled.check(file, findings);
  findings.looked_at(counted(number_of_users, "user"));
  findings.looked_at(counted(
      context.all_users ? number_of_users : std::min(number_of_users, most_mailboxes), "Maildir"));
  if (number_of_users > most_mailboxes && !context.all_users)
    findings.note("the Maildirs of " + std::to_string(number_of_users - most_mailboxes) +
                  " users were not looked at; --all-users does");
}

/// Checks the program that replaces the users file.
void check_checkpassword(const std::string& command, Findings& findings) {
  const auto program = command.substr(0, command.find_first_of(" \t"));
  struct stat facts;
  if (::stat(program.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
      ::access(program.c_str(), X_OK) != 0)
    return findings.error("checkpassword-missing", "checkpassword = " + command,
                          program + " is no program that this account may run",
                          "install it, or name another");
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
      (facts.st_uid != 0 && facts.st_uid != ::geteuid()))
    findings.error("checkpassword-unsafe", program,
                   "accounts other than root and this one may change it, and so log in as any user",
                   "chown root and chmod go-w " + program);
  check_directories_above(program, findings);
  findings.looked_at("checkpassword " + program);
}

} // namespace

void check_users(const CheckContext& context, Findings& findings) {
  if (!context.settings.checkpassword.empty())
    return check_checkpassword(context.settings.checkpassword, findings);
  if (const auto file = check_users_file(context, findings))
    check_lines(context, *file, findings);
}

} // namespace admin
