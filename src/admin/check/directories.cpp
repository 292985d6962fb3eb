// SPDX-License-Identifier: ISC
#include "admin/check/remedies.hpp"
#include "admin/check/service_lines.hpp"
#include "base/trusted_directory.hpp"
#include "base/unique_fd.hpp"

#include <boost/filesystem/operations.hpp>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

bool is_root() {
  return ::geteuid() == 0;
}

bool exists(const std::string& path) {
  struct stat facts;
  return ::lstat(path.c_str(), &facts) == 0;
}

bool is_writable_by_others(const struct stat& facts) {
  return (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

bool is_foreign(const struct stat& facts) {
  return facts.st_uid != 0 && facts.st_uid != ::geteuid();
}

/// A server that is root makes the runtime directory, and the front's chroot below it; systemd
/// makes directories for a server of any account.
bool will_be_made(const CheckContext& context, const std::string& path) {
  if (context.launcher != nullptr && is_made_by_systemd(*context.launcher, path))
    return true;
  if (!is_root())
    return false;
  const auto parent = parent_of(path);
  return exists(parent) ||
         (parent == context.settings.runtime_directory && exists(parent_of(parent)));
}

void check_chroot(const CheckContext& context, Findings& findings) {
  const auto path = context.settings.front_root();
  const FindingsAt at(path, findings);
  struct stat facts;
  if (::lstat(path.c_str(), &facts) != 0) {
    if (!will_be_made(context, path))
      at.error("chroot-missing", std::strerror(errno), run({"mkdir", "-p", "-m", "0755", path}));
    return;
  }
  if (!S_ISDIR(facts.st_mode))
    return at.error("chroot-no-directory", "it is no directory, or a symbolic link",
                    S_ISLNK(facts.st_mode)
                        ? run_all({run({"rm", path}), run({"mkdir", "-m", "0755", path})})
                        : Remedy("Remove it, or name another chroot"));
  if (facts.st_uid != 0)
    at.error("chroot-owner", "it does not belong to root", give_to_server(context, path));
  if (is_writable_by_others(facts))
    at.error("chroot-writable", "others than root may write to it", run({"chmod", "0755", path}));
  boost::system::error_code ignored;
  if (!boost::filesystem::is_empty(path, ignored) && !ignored)
    at.error("chroot-not-empty", "it is not empty, and the server refuses it",
             "Remove what is in it, or name another chroot");
}

/// Gives the server a directory of another account, unless another server may need it.
Remedy take_directory(const CheckContext& context, const std::string& path,
                      const std::string& setting) {
  struct stat facts;
  if (!context.other_servers.empty() || ::stat(path.c_str(), &facts) != 0 ||
      !S_ISDIR(facts.st_mode))
    return "Name a directory of this server alone in " + setting;
  return give_to_server(context, path, setting == "state-directory" ? "0700" : "");
}

void check_runtime_directory(const CheckContext& context, Findings& findings) {
  const auto& path = context.settings.runtime_directory;
  const FindingsAt at(path, findings);
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0) {
    if (!will_be_made(context, path))
      at.error("runtime-directory-missing", std::strerror(errno),
               make_for_server(context, path, "0755"));
    return;
  }
  if (!S_ISDIR(facts.st_mode))
    return at.error("runtime-directory-no-directory", "it is no directory",
                    "Name a directory in runtime-directory");
  if (is_foreign(facts))
    at.error("runtime-directory-owner",
             "it belongs to uid " + std::to_string(facts.st_uid) +
                 ", which could change what the server writes there",
             take_directory(context, path, "runtime-directory"));
  if (is_writable_by_others(facts))
    at.error("runtime-directory-writable", "others than its owner may write to it",
             run({"chmod", "go-w", path}));
  // check_file_systems() tells what EROFS means, here and below.
  if (::access(path.c_str(), W_OK | X_OK) != 0 && errno != EROFS)
    at.error("runtime-directory-unwritable",
             "this account may not write to it: " + std::string(std::strerror(errno)),
             take_directory(context, path, "runtime-directory"));
}

void check_state_directory(const CheckContext& context, Findings& findings) {
  const auto& path = context.settings.state_directory;
  const FindingsAt at(path, findings);
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0) {
    if (!will_be_made(context, path))
      at.warning("state-directory-missing",
                 "without it the SCRAM key and the last use of app passwords are not kept",
                 make_for_server(context, path, "0700"));
  } else if (!S_ISDIR(facts.st_mode) ||
             (::access(path.c_str(), W_OK | X_OK) != 0 && errno != EROFS)) {
    at.error("state-directory-unwritable", "it is no directory that this account may write to",
             take_directory(context, path, "state-directory"));
  } else if (is_foreign(facts) || is_writable_by_others(facts)) {
    at.error("state-directory-unsafe",
             "others than root and this account may change what the server keeps there",
             take_directory(context, path, "state-directory"));
  } else if (facts.st_uid != ::geteuid() || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    at.warning("state-directory-open",
               "others than the account that the server is started as may look into it",
               give_to_server(context, path, "0700"));
  }
}

/// Mends a log that the server could not open because of `error`.
Remedy let_log(const CheckContext& context, const std::string& path, int error) {
  if (error == ENOENT)
    return run({"install", "-D", "-o", std::to_string(context.server.uid), "-g",
                std::to_string(context.server.gid), "-m", "0600", "/dev/null", path});
  if (error == EACCES && ::access(parent_of(path).c_str(), X_OK) == 0)
    return run({"chown", std::to_string(context.server.uid), path});
  return "Name a file that the account of the server may write to in log";
}

void check_log(const CheckContext& context, const std::string& target, Findings& findings) {
  if (target == "syslog" && !exists("/dev/log"))
    findings.warning("log-no-syslog", "/dev/log", "there is no syslog daemon to write to",
                     "Start a syslog daemon, or set log to stderr or a file");
  if (!target.starts_with('/'))
    return;
  const base::UniqueFd file(
      ::open(target.c_str(), O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  const int error = errno;
  const bool can_be_made = error == ENOENT && ::access(parent_of(target).c_str(), W_OK | X_OK) == 0;
  if (!file && !can_be_made && error != EROFS)
    findings.error("log-unwritable", target, std::strerror(error), let_log(context, target, error));
}

/// `problem` is `DIRECTORY is writable by ...` or `DIRECTORY is owned by ...`.
Remedy make_safe(const std::string& problem) {
  const auto is = problem.rfind(" is ");
  const auto directory = problem.substr(0, is);
  if (problem.compare(is, 13, " is writable ") == 0)
    return run({"chmod", "go-w", directory});
  return "Let root own " + directory + ", or choose a path elsewhere";
}

} // namespace

void check_directories_above(const std::string& path, Findings& findings) {
  if (const auto problem = base::problem_with_directories_above(path))
    findings.error("directory-above-unsafe", path, *problem, make_safe(*problem));
}

void check_directories(const CheckContext& context, Findings& findings) {
  if (is_root())
    check_chroot(context, findings);
  check_runtime_directory(context, findings);
  check_state_directory(context, findings);
  check_directories_above(context.settings.runtime_directory, findings);
  check_directories_above(context.settings.state_directory, findings);
  check_log(context, context.settings.log, findings);
}

} // namespace admin
