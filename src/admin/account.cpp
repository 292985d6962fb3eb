// SPDX-License-Identifier: ISC
#include "admin/account.hpp"

#include "admin/failure.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <algorithm>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace admin {

namespace {

void become(const base::Identity& who) {
  base::check(::setgroups(1, &who.gid), "setgroups");
  base::check(::setresgid(who.gid, who.gid, who.gid), "setresgid");
  base::check(::setresuid(who.uid, who.uid, who.uid), "setresuid");
}

void write_all(int fd, std::string_view text) {
  for (ssize_t written = 0; written >= 0 && !text.empty();) {
    written = ::write(fd, text.data(), text.size());
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  while (const auto got =
             base::check(::read(fd, buffer, sizeof buffer), "read from a child process"))
    text.append(buffer, static_cast<std::size_t>(got));
  return text;
}

/// Ends the child process with status 0 after the result of `work`, or 1 after the message of its
/// exception.
[[noreturn]] void answer(int fd, const std::function<std::string()>& work) {
  int status = 0;
  std::string text;
  try {
    text = work();
  } catch (const std::exception& error) {
    status = 1;
    text = error.what();
  }
  write_all(fd, text);
  ::_exit(status);
}

} // namespace

std::optional<base::Account> find_account(const std::string& name) {
  errno = 0;
  const auto* entry = ::getpwnam(name.c_str());
  if (entry != nullptr)
    return base::Account{
        {entry->pw_uid, entry->pw_gid}, entry->pw_name, entry->pw_dir, entry->pw_shell};
  // The manual page of getpwnam(3) lists the codes that mean no more than "not found".
  if (errno != 0 && errno != ENOENT && errno != ESRCH && errno != EBADF && errno != EPERM)
    base::throw_errno("look the account " + name + " up");
  return {};
}

std::string as_user(const base::Identity& who, const std::function<std::string()>& work) {
  const bool is_root = ::geteuid() == 0;
  if (!is_root && who.uid != ::geteuid())
    throw Failure("only root can act as uid " + std::to_string(who.uid));
  int ends[2];
  base::check(::pipe2(ends, O_CLOEXEC), "pipe");
  const base::UniqueFd reader(ends[0]);
  base::UniqueFd writer(ends[1]);
  const auto child = base::check(::fork(), "fork");
  if (child == 0)
    answer(writer.get(), [&] {
      if (is_root)
        become(who);
      return work();
    });
  writer.reset();
  auto text = read_all(reader.get());
  int status = 0;
  base::check(::waitpid(child, &status, 0), "wait for a child process");
  if (!WIFEXITED(status))
    throw Failure("a child process ended without an answer");
  if (WEXITSTATUS(status) != 0)
    throw Failure(text);
  return text;
}

} // namespace admin
