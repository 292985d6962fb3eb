// SPDX-License-Identifier: ISC
#include "admin/account.hpp"

#include "admin/failure.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace admin {

namespace {

constexpr char success = '+';
constexpr char failure = '-';

void become(uid_t uid, gid_t gid) {
  base::check(::setgroups(1, &gid), "setgroups");
  base::check(::setresgid(gid, gid, gid), "setresgid");
  base::check(::setresuid(uid, uid, uid), "setresuid");
}

/// The message to the parent: `success` or `failure`, then the text.
std::string outcome(const std::function<std::string()>& work) {
  try {
    return success + work();
  } catch (const std::exception& error) {
    return failure + std::string(error.what());
  }
}

void write_all(int fd, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto written = ::write(fd, text.data() + done, text.size() - done);
    if (written < 0)
      return;
    done += static_cast<std::size_t>(written);
  }
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = ::read(fd, buffer, sizeof buffer)) != 0;)
    if (got > 0)
      text.append(buffer, static_cast<std::size_t>(got));
    else if (errno != EINTR)
      base::throw_errno("read from a child process");
  return text;
}

} // namespace

std::optional<Account> find_account(const std::string& name) {
  errno = 0;
  const auto* entry = ::getpwnam(name.c_str());
  if (entry != nullptr)
    return Account{entry->pw_uid, entry->pw_gid, entry->pw_dir};
  // The manual page of getpwnam(3) lists the codes that mean no more than "not found".
  if (errno != 0 && errno != ENOENT && errno != ESRCH && errno != EBADF && errno != EPERM)
    base::throw_errno("look the account " + name + " up");
  return {};
}

std::string as_user(uid_t uid, gid_t gid, const std::function<std::string()>& work) {
  const bool is_root = ::geteuid() == 0;
  if (!is_root && uid != ::geteuid())
    throw Failure("only root can act as uid " + std::to_string(uid));
  int ends[2];
  base::check(::pipe2(ends, O_CLOEXEC), "pipe");
  const base::UniqueFd reader(ends[0]);
  base::UniqueFd writer(ends[1]);
  const auto child = base::check(::fork(), "fork");
  if (child == 0) {
    write_all(writer.get(), outcome([&] {
                if (is_root)
                  become(uid, gid);
                return work();
              }));
    ::_exit(0);
  }
  writer.reset();
  const auto text = read_all(reader.get());
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR)
    ;
  if (text.empty())
    throw Failure("a child process ended without an answer");
  if (text.front() == failure)
    throw Failure(text.substr(1));
  return text.substr(1);
}

} // namespace admin
