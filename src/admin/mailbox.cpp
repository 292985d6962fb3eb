// SPDX-License-Identifier: ISC
#include "admin/mailbox.hpp"

#include "base/system_error.hpp"

#include <boost/filesystem/operations.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace fs = boost::filesystem;

namespace {

constexpr const char* folders[] = {"cur", "new", "tmp"};

/// `look` is stat(2) or lstat(2).
void require_directory(const std::string& path, int (*look)(const char*, struct stat*)) {
  struct stat facts;
  base::check(look(path.c_str(), &facts), path);
  if (!S_ISDIR(facts.st_mode))
    base::throw_errno(path, ENOTDIR);
}

} // namespace

void create_maildir(const std::string& path) {
  const auto old_mask = ::umask(077);
  boost::system::error_code error;
  for (const auto* folder : folders)
    if (fs::create_directories(fs::path(path) / folder, error); error)
      break;
  ::umask(old_mask);
  if (error)
    base::throw_errno("cannot make " + path, error.value());
  if (!has_maildir(path))
    base::throw_errno(path, ENOENT);
}

bool has_maildir(const std::string& path) {
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0 && errno == ENOENT)
    return false;
  require_directory(path, ::stat);
  for (const auto* name : folders) {
    const auto folder = (fs::path(path) / name).string();
    require_directory(folder, ::lstat);
    base::check(::access(folder.c_str(), R_OK | W_OK | X_OK), folder);
  }
  return true;
}

} // namespace admin
