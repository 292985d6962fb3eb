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

std::string because(const fs::path& path, int error) {
  return path.string() + ": " + std::strerror(error);
}

Mailbox unusable(std::string problem) {
  return {MailboxState::unusable, std::move(problem)};
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
  if (const auto mailbox = inspect_maildir(path); mailbox.state != MailboxState::usable)
    throw Failure(mailbox.problem);
}

Mailbox inspect_maildir(const std::string& path) {
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0)
    return {errno == ENOENT ? MailboxState::missing : MailboxState::unusable, because(path, errno)};
  if (!S_ISDIR(facts.st_mode))
    return unusable(because(path, ENOTDIR));
  for (const auto* name : folders) {
    const auto folder = fs::path(path) / name;
    if (::lstat(folder.c_str(), &facts) != 0)
      return unusable(because(folder, errno));
    if (!S_ISDIR(facts.st_mode))
      return unusable(because(folder, ENOTDIR));
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
      return unusable(because(folder, errno));
  }
  return {MailboxState::usable, {}};
}

} // namespace admin
