// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"
#include "users/compiled_users.hpp"
#include "users/doubled_names.hpp"
#include "users/users_file.hpp"

#include <algorithm>
#include <iostream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <unordered_map>

namespace admin {

namespace {

using base::FileProblem;
using users::User;
using users::UsersFile;

/// A directory above `path` in which all accounts may replace files; empty if there is none.
std::string writable_directory_above(const std::string& path) {
  for (auto slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    struct stat facts;
    auto directory = path.substr(0, slash);
    if (::stat(directory.c_str(), &facts) == 0 && (facts.st_mode & S_IWOTH) != 0 &&
        (facts.st_mode & S_ISVTX) == 0)
      return directory;
  }
  return {};
}

void report(FileProblem problem, const std::string& path, const FindingsAt& at) {
  const auto what = description(problem);
  switch (problem) {
  case FileProblem::not_regular:
    return at.error("users-file-not-regular", what, "name the file itself in users");
  case FileProblem::writable_by_others:
    return at.error("users-file-writable", what, "chmod 0600 " + path);
  case FileProblem::foreign_owner: return at.error("users-file-owner", what, "chown root " + path);
  }
}

std::optional<UsersFile> open_checked(const std::string& path, const FindingsAt& at) {
  try {
    auto file = UsersFile::open(path);
    if (file)
      return std::move(*file);
    report(file.error(), path, at);
  } catch (const std::system_error& error) {
    if (error.code().value() == ENOENT)
      at.error("users-file-missing", error.code().message(), "sodapop user add NAME makes it");
    else
      at.error("users-file-unreadable", error.code().message(),
               "let the account that the server is started as read " + path);
  }
  return {};
}

void check_file(const std::string& path, const UsersFile& file, Findings& findings) {
  if ((file.file().facts.st_mode & S_IROTH) != 0)
    findings.error(
        "users-file-readable", path,
        "all accounts may read the hashes, and a server that is root then serves no user",
        "chmod o-r " + path);
  if (const auto directory = writable_directory_above(path); !directory.empty())
    findings.error("users-file-directory", directory,
                   "everybody may write to it, and so put another file in the place of " + path,
                   "chmod o-w " + directory);
}

/// Checks the compiled form beside the file, if there is one.
void check_compiled(const std::string& path, const UsersFile& file, Findings& findings) {
  const auto compiled = path + std::string(users::compiled_suffix);
  const auto tell = [&](std::string_view what) {
    findings.warning("users-file-compiled", compiled, std::string(what) + ", and is not used",
                     "sodapop users compile, or remove it");
  };
  try {
    auto trusted = base::open_trusted(compiled);
    if (!trusted)
      return tell(description(trusted.error()));
    const auto opened = users::CompiledUsers::open(std::move(*trusted), file.file().facts);
    if (!opened)
      tell(description(opened.error()));
  } catch (const std::system_error& error) {
    if (error.code().value() != ENOENT)
      tell(error.code().message());
  }
}

/// Checks who else than root may read the hashes, or is the front.
void check_secrecy(const CheckContext& context, const UsersFile& file, const User& user,
                   std::optional<uid_t> front, const FindingsAt& at) {
  if (user.uid && front == *user.uid)
    at.error("front-account-shared",
             "the user's uid is that of the front account " + context.settings.front_account,
             "give the user or the front another account");
  const bool by_everybody = (file.file().facts.st_mode & S_IROTH) != 0; // already reported
  if (::geteuid() == 0 && user.uid.value_or(0) != 0 && user.gid && !by_everybody &&
      file.file().readable_by(*user.uid, *user.gid))
    at.error("users-file-readable",
             "uid " + std::to_string(*user.uid) +
                 " may read the hashes, and the server does not serve such a user",
             "chown root:root " + context.settings.users + " && chmod 0600 it");
}

void check_doubled(const CheckContext& context, const UsersFile& file, Findings& findings) {
  const users::DoubledNames doubled(file);
  std::unordered_map<std::string, unsigned> lines;
  const auto count = [&](const User& user, auto, auto) {
    if (doubled.contains(user.name) && ++lines[user.name] == 2)
      findings.warning("user-doubled", context.settings.users + ": " + user.name,
                       "several lines have this name, of which the first counts",
                       "remove the others");
    return true;
  };
  if (!doubled.empty())
    file.for_each(count, {});
}

/// `1 user`, `2 users`.
std::string counted(std::size_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

void check_lines(const CheckContext& context, const UsersFile& file, Findings& findings) {
  const auto front = front_uid(context);
  std::size_t number_of_users = 0;
  const auto visit = [&](const User& user, auto, auto) {
    const FindingsAt at(context.settings.users + ": " + user.name, findings);
    check_user(context, user, findings);
    check_secrecy(context, file, user, front, at);
    if (++number_of_users <= most_mailboxes || context.all_users)
      check_mailbox(context, user, findings);
    return true;
  };
  file.for_each(visit, [&](std::uint64_t number, base::Problem problem) {
    findings.error("users-line", context.settings.users + ":" + std::to_string(number),
                   description(problem), "correct the line as sodapop-users(5) says");
  });
  check_doubled(context, file, findings);
  findings.looked_at(counted(number_of_users, "user"));
  const auto mailboxes =
      context.all_users ? number_of_users : std::min(number_of_users, most_mailboxes);
  findings.looked_at(counted(mailboxes, "Maildir"));
  if (number_of_users > most_mailboxes && !context.all_users)
    std::cerr << "sodapop: the Maildirs of " << number_of_users - most_mailboxes
              << " users were not looked at; --all-users does\n";
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
  const auto& path = context.settings.users;
  const auto file = open_checked(path, {path, findings});
  if (!file)
    return;
  check_file(path, *file, findings);
  check_compiled(path, *file, findings);
  check_lines(context, *file, findings);
}

} // namespace admin
