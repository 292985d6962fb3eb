// SPDX-License-Identifier: ISC
#include "admin/account.hpp"

#include "admin/failure.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <cstdlib>
#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace admin {

namespace {

void become(const base::Identity& who) {
  base::check(::setgroups(1, &who.gid), "setgroups");
  base::check(::setresgid(who.gid, who.gid, who.gid), "setresgid");
  base::check(::setresuid(who.uid, who.uid, who.uid), "setresuid");
}

std::string text_in(int file) {
  struct stat facts;
  base::check(::fstat(file, &facts), "fstat");
  std::string text(static_cast<std::size_t>(facts.st_size), '\0');
  base::check(::pread(file, text.data(), text.size(), 0), "read from a child process");
  return text;
}

/// Writes the result of `work` to the file and ends the child process with status 0, or the message
/// of its exception, with status 1.
[[noreturn]] void answer(int file, const std::function<std::string()>& work) {
  int status = 0;
  std::string text;
  try {
    text = work();
  } catch (const std::exception& error) {
    status = 1;
    text = error.what();
  }
  if (::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    std::abort();
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
  const base::UniqueFd file(base::check(::memfd_create("answer", MFD_CLOEXEC), "memfd_create"));
  const auto child = base::check(::fork(), "fork");
  if (child == 0)
    answer(file.get(), [&] {
      if (is_root)
        become(who);
      return work();
    });
  int status = 0;
  base::check(::waitpid(child, &status, 0), "wait for a child process");
  if (!WIFEXITED(status))
    throw Failure("a child process ended without an answer");
  auto text = text_in(file.get());
  if (WEXITSTATUS(status) != 0)
    throw Failure(text);
  return text;
}

} // namespace admin
