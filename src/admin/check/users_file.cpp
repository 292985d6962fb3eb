// SPDX-License-Identifier: ISC
#include "admin/check/users_file.hpp"

#include "admin/check/remedies.hpp"

#include <sys/stat.h>
#include <system_error>

namespace admin {

namespace {

using base::FileProblem;
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

std::string_view id_of(FileProblem problem) {
  switch (problem) {
  case FileProblem::not_regular: return "users-file-not-regular";
  case FileProblem::writable_by_others: return "users-file-writable";
  case FileProblem::foreign_owner: break;
  }
  return "users-file-owner";
}

bool has_file(const std::string& path) {
  struct stat facts;
  return ::lstat(path.c_str(), &facts) == 0;
}

/// Any change of the users file's owner or mode makes the compiled form outdated.
Remedy and_compile(const CheckContext& context, const Remedy& remedy) {
  return remedy.is_command && has_file(compiled_path(context))
             ? run_all({remedy, tool_command(context, {"users", "compile"})})
             : remedy;
}

void check_directory(const std::string& path, Findings& findings) {
  if (const auto directory = writable_directory_above(path); !directory.empty())
    findings.error("users-file-directory", directory,
                   "everybody may write to it, and so put another file in the place of " + path,
                   run({"chmod", "o-w", directory}));
}

std::optional<UsersFile> open_checked(const CheckContext& context, const FindingsAt& at) {
  const auto& path = context.settings.users;
  try {
    auto file = UsersFile::open(path);
    if (file)
      return std::move(*file);
    at.error(id_of(file.error()), description(file.error()),
             and_compile(context, make_trusted(context, file.error(), path, "users")));
  } catch (const std::system_error& error) {
    if (error.code().value() == ENOENT)
      at.error("users-file-missing", error.code().message(),
               "Add a user with sodapop user add, or name another file in users");
    else
      at.error("users-file-unreadable", error.code().message(), make_readable(context, path));
  }
  return {};
}

bool is_readable_by_all(const base::TrustedFile& file) {
  return (file.facts.st_mode & S_IROTH) != 0;
}

} // namespace

std::optional<UsersFile> check_users_file(const CheckContext& context, Findings& findings) {
  const auto& path = context.settings.users;
  auto file = open_checked(context, {path, findings});
  if (file)
    check_directory(path, findings);
  return file;
}

void check_readable(const CheckContext& context, const UsersFile& text,
                    const CompiledForm& compiled, Findings& findings) {
  constexpr auto what =
      "all accounts may read the hashes, and a server that is root then serves no user";
  if (is_readable_by_all(text.file()))
    findings.error("users-file-readable", context.settings.users, what,
                   and_compile(context, keep_secret(context, context.settings.users)));
  if (compiled.file && is_readable_by_all(*compiled.file))
    findings.error("users-compiled-readable", compiled_path(context), what,
                   keep_secret(context, compiled_path(context)));
}

void check_readable_by(const CheckContext& context, const users::User& user, const UsersFile& text,
                       const CompiledForm& compiled, const FindingsAt& at) {
  if (context.server.uid != 0 || user.uid.value_or(0) == 0 || !user.gid)
    return;
  const auto can_read = [&](const base::TrustedFile& file) {
    // Where all accounts may read it, check_readable() has reported that.
    return !is_readable_by_all(file) && file.readable_by(*user.uid, *user.gid);
  };
  const auto what = "uid " + std::to_string(*user.uid) +
                    " may read the hashes, and the server does not serve such a user";
  if (can_read(text.file()))
    at.error("users-file-readable", what,
             and_compile(context, keep_secret_from(context, *user.uid, context.settings.users)));
  if (compiled.file && can_read(*compiled.file))
    at.error("users-compiled-readable", what,
             keep_secret_from(context, *user.uid, compiled_path(context)));
}

} // namespace admin
