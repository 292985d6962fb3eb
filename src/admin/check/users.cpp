// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"
#include "users/compiled_users.hpp"
#include "users/users_file.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <iostream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace admin {

namespace {

using base::FileProblem;
using users::User;
using users::UsersFile;

/// Duplicate names that are reported.
constexpr std::size_t most_duplicates = 1000;

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

Finding refused(const std::string& path, FileProblem problem) {
  const auto what = std::string(description(problem));
  switch (problem) {
  case FileProblem::not_regular:
    return {"users-file-not-regular", path, what, "name the file itself in users"};
  case FileProblem::writable_by_others:
    return {"users-file-writable", path, what, "chmod 0600 " + path};
  case FileProblem::foreign_owner: break;
  }
  return {"users-file-owner", path, what, "chown root " + path};
}

std::string remedy_for(int error, const std::string& path) {
  return error == ENOENT ? "sodapop user add NAME makes it"
                         : "let the account that the server is started as read " + path;
}

std::optional<UsersFile> open_checked(const std::string& path, Findings& findings) {
  try {
    auto file = UsersFile::open(path);
    if (file)
      return std::move(*file);
    findings.error(refused(path, file.error()));
  } catch (const std::system_error& error) {
    const int code = error.code().value();
    findings.error({code == ENOENT ? "users-file-missing" : "users-file-unreadable", path,
                    std::strerror(code), remedy_for(code, path)});
  }
  return {};
}

void check_file(const std::string& path, const UsersFile& file, Findings& findings) {
  if ((file.facts().st_mode & S_IROTH) != 0)
    findings.error(
        {"users-file-readable", path,
         "all accounts may read the hashes, and a server that is root then serves no user",
         "chmod o-r " + path});
  if (const auto directory = writable_directory_above(path); !directory.empty())
    findings.error({"users-file-directory", directory,
                    "everybody may write to it, and so put another file in the place of " + path,
                    "chmod o-w " + directory});
}

/// Checks the compiled form beside the file, if there is one.
void check_compiled(const std::string& path, const UsersFile& file, Findings& findings) {
  const auto compiled = path + std::string(users::compiled_suffix);
  const auto tell = [&](std::string_view what) {
    findings.warning({"users-file-compiled", compiled, std::string(what) + ", and is not used",
                      "sodapop users compile, or remove it"});
  };
  try {
    auto trusted = base::open_trusted(compiled);
    if (!trusted)
      return tell(description(trusted.error()));
    const auto opened = users::CompiledUsers::open(std::move(*trusted), file.facts());
    if (!opened)
      tell(description(opened.error()));
  } catch (const std::system_error& error) {
    if (error.code().value() != ENOENT)
      tell(error.code().message());
  }
}

/// Checks the lines of the file.
class Lines {
 public:
  Lines(const CheckContext& context, const UsersFile& file, Findings& findings)
      : context_(context), file_(file), findings_(findings), front_(front_uid(context)) {}

  void check() {
    file_.for_each([this](const User& user) { return visit(user), true; },
                   [this](std::uint64_t number, users::LineProblem problem) {
                     findings_.error({"users-line",
                                      context_.settings.users + ":" + std::to_string(number),
                                      std::string(description(problem)),
                                      "correct the line as sodapop-users(5) says"});
                   });
    report_duplicates();
    if (skipped_ > 0)
      std::cerr << "sodapop: the Maildirs of " << skipped_
                << " users were not looked at; --all-users does\n";
  }

 private:
  void visit(const User& user) {
    names_.push_back(std::hash<std::string_view>()(user.name));
    check_user(context_, user, findings_);
    check_secrecy(user);
    if (names_.size() <= most_mailboxes || context_.all_users)
      check_mailbox(context_, user, findings_);
    else
      ++skipped_;
  }

  void check_secrecy(const User& user) {
    const auto where = context_.settings.users + ": " + user.name;
    if (user.uid && front_ == *user.uid)
      findings_.error(
          {"front-account-shared", where,
           "the user's uid is that of the front account " + context_.settings.front_account,
           "give the user or the front another account"});
    const bool by_everybody = (file_.facts().st_mode & S_IROTH) != 0; // already reported
    if (::geteuid() == 0 && user.uid.value_or(0) != 0 && user.gid && !by_everybody &&
        file_.readable_by(*user.uid, *user.gid))
      findings_.error({"users-file-readable", where,
                       "uid " + std::to_string(*user.uid) +
                           " may read the hashes, and the server does not serve such a user",
                       "chown root:root " + context_.settings.users + " && chmod 0600 it"});
  }

  /// The digests of names that several lines have.
  std::unordered_map<std::size_t, unsigned> duplicate_digests() {
    std::unordered_map<std::size_t, unsigned> duplicates;
    std::ranges::sort(names_);
    for (auto at = std::ranges::adjacent_find(names_);
         at != names_.end() && duplicates.size() < most_duplicates;
         at = std::adjacent_find(std::find_if(at, names_.end(), [&](auto n) { return n != *at; }),
                                 names_.end()))
      duplicates.emplace(*at, 0);
    return duplicates;
  }

  void report_duplicates() {
    auto duplicates = duplicate_digests();
    if (duplicates.empty())
      return;
    file_.for_each(
        [&](const User& user) {
          const auto found = duplicates.find(std::hash<std::string_view>()(user.name));
          if (found != duplicates.end() && ++found->second == 2)
            findings_.warning({"user-doubled", context_.settings.users + ": " + user.name,
                               "several lines have this name, of which the first counts",
                               "remove the others"});
          return true;
        },
        {});
  }

  const CheckContext& context_;
  const UsersFile& file_;
  Findings& findings_;
  std::optional<uid_t> front_;
  std::vector<std::size_t> names_; ///< A digest of each name: a million take 8 MiB.
  std::size_t skipped_ = 0;
};

} // namespace

void check_users(const CheckContext& context, Findings& findings) {
  const auto& path = context.settings.users;
  const auto file = open_checked(path, findings);
  if (!file)
    return;
  check_file(path, *file, findings);
  check_compiled(path, *file, findings);
  Lines(context, *file, findings).check();
}

} // namespace admin
