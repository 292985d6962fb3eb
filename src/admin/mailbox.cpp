// SPDX-License-Identifier: ISC
#include "admin/mailbox.hpp"

#include "admin/failure.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace fs = boost::filesystem;

namespace {

constexpr const char* folders[] = {"cur", "new", "tmp"};

[[noreturn]] void fail(const fs::path& path, int error) {
  throw Failure(path.string() + ": " + std::strerror(error));
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
    throw Failure("cannot make " + path + ": " + std::strerror(error.value()));
  if (!has_maildir(path))
    fail(path, ENOENT);
}

bool has_maildir(const std::string& path) {
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0) {
    if (errno != ENOENT)
      fail(path, errno);
    return false;
  }
  if (!S_ISDIR(facts.st_mode))
    fail(path, ENOTDIR);
  for (const auto* name : folders) {
    const auto folder = fs::path(path) / name;
    if (::lstat(folder.c_str(), &facts) != 0)
      fail(folder, errno);
    if (!S_ISDIR(facts.st_mode))
      fail(folder, ENOTDIR);
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
      fail(folder, errno);
  }
  return true;
}

} // namespace admin
