// SPDX-License-Identifier: ISC
#include "admin/check/key_values.hpp"
#include "admin/check/remedies.hpp"
#include "base/file_replacement.hpp"
#include "state/penalty_file.hpp"
#include "state/private_file.hpp"
#include "users/compiled_users.hpp"

#include <algorithm>
#include <cctype>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace admin {

namespace {

/// The server makes the file anew.
Remedy remove_for_server(const std::string& path) {
  struct stat facts;
  if (::lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode))
    return "Remove the directory: the server makes a file of that name";
  return run({"rm", path});
}

Remedy make_private(const CheckContext& context, const std::string& path) {
  struct stat facts;
  if (::lstat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode))
    return give_to_server(context, path, "0600");
  return remove_for_server(path);
}

/// Where the server may not enter the directory, check_directories() tells it.
bool may_enter_above(const std::string& path) {
  const auto directory = parent_of(path);
  return ::access(directory.c_str(), X_OK) == 0 || errno != EACCES;
}

void check_key(const CheckContext& context, const std::string& path, Findings& findings) {
  if (!may_enter_above(path))
    return;
  try {
    const auto problem = state::problem_of_key_file(path);
    if (problem)
      findings.error("key-refused", path, *problem,
                     *problem == state::key_file_problem::not_private ? make_private(context, path)
                                                                      : run({"rm", path}));
  } catch (const std::system_error& error) {
    findings.error("key-refused", path, error.code().message(), make_private(context, path));
  }
}

/// Checks a file that the server refuses unless it is private, as state::is_private() has it.
void check_private(const CheckContext& context, const std::string& path, Findings& findings) {
  struct stat facts;
  if (::lstat(path.c_str(), &facts) != 0)
    return;
  const bool is_private = S_ISREG(facts.st_mode) && facts.st_uid == context.server.uid &&
                          (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0;
  if (!is_private)
    findings.error("kept-file-open", path,
                   "it is not a regular file that only the server may read and write",
                   make_private(context, path));
}

/// A file with damage is made anew, and is no mistake.
void check_penalties(const std::string& runtime_directory, Findings& findings) {
  const auto path = runtime_directory + state::PenaltyFile::name;
  try {
    if (const auto problem = state::PenaltyFile::problem(runtime_directory))
      findings.error("penalties-unusable", path, *problem, remove_for_server(path));
  } catch (const std::system_error& error) {
    findings.error("penalties-unusable", path, error.code().message(),
                   "Let the account of the server read and write it");
  }
}

/// True for a name that base::FileReplacement may have given to a new file for `path`.
bool is_for_replacement(std::string_view name, const std::string& path) {
  return name.size() == path.size() + 1 + base::left_over_digits && name.starts_with(path + ".") &&
         std::ranges::all_of(name.substr(path.size() + 1),
                             [](unsigned char c) { return std::isxdigit(c) != 0; });
}

void check_left_overs(const std::string& path, Findings& findings) {
  const auto directory = parent_of(path);
  for (const auto& name : files_of(directory, ""))
    if (is_for_replacement(name, path))
      findings.warning("left-over", name,
                       "it looks like a copy that an interrupted change of " + path + " has left",
                       "Remove it, unless you made it yourself");
}

} // namespace

void check_kept_files(const CheckContext& context, Findings& findings) {
  const auto& settings = context.settings;
  for (const auto& key :
       {settings.state_directory + "/site-key", settings.runtime_directory + "/auth-key"}) {
    check_key(context, key, findings);
    check_left_overs(key, findings);
  }
  for (const auto* name : {"usual-networks", "app-password-use"})
    check_private(context, settings.state_directory + "/" + name, findings);
  for (const auto* name :
       {"auth-cache", "connect-lines", "lost-lines", "hash-slots", "source-slots", "user-slots"})
    check_private(context, settings.runtime_directory + "/" + name, findings);
  check_penalties(settings.runtime_directory, findings);
  check_left_overs(settings.runtime_directory + state::PenaltyFile::name, findings);
  for (const auto& users : {settings.users, settings.users + std::string(users::compiled_suffix)})
    check_left_overs(users, findings);
}

} // namespace admin
