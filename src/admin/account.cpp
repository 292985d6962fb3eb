// SPDX-License-Identifier: ISC
#include "admin/account.hpp"

#include "admin/failure.hpp"
#include "base/deadline_stream.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
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

/// All that comes from the pipe until no process can write to it any more. Throws base::Timeout.
std::string text_from(int pipe, base::DeadlineStream::Clock::time_point deadline) {
  base::DeadlineStream stream(pipe, -1);
  std::string text;
  std::array<char, 4096> part;
  try {
    for (;;)
      text.append(part.data(), stream.read_some(part, deadline));
  } catch (const base::ConnectionLost&) {
    return text;
  }
}

/// Writes the result of `work` to the pipe and ends the child process with status 0, or the message
/// of its exception, with status 1.
[[noreturn]] void answer(int pipe, const std::function<std::string()>& work) {
  int status = 0;
  std::string text;
  try {
    text = work();
  } catch (const std::exception& error) {
    status = 1;
    text = error.what();
  }
  if (::write(pipe, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    std::abort();
  ::_exit(status);
}

/// The answer of the child process. A process that a file system holds cannot be killed, and so is
/// not waited for after the deadline.
std::string answer_of(pid_t child, int pipe, base::DeadlineStream::Clock::time_point deadline) {
  std::string text;
  try {
    text = text_from(pipe, deadline);
  } catch (const base::Timeout&) {
    ::kill(child, SIGKILL);
    throw Failure("a process with the user's identity did not answer in time: it was stopped, or "
                  "waits for a file system");
  }
  int status = 0;
  base::check(::waitpid(child, &status, 0), "wait for a child process");
  if (!WIFEXITED(status))
    throw Failure("a process with the user's identity was killed");
  if (WEXITSTATUS(status) != 0)
    throw Failure(text);
  return text;
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

std::string as_user(const base::Identity& who, const std::function<std::string()>& work,
                    std::chrono::milliseconds limit) {
  const bool is_root = ::geteuid() == 0;
  if (!is_root && who.uid != ::geteuid())
    throw Failure("only root can act as uid " + std::to_string(who.uid));
  std::array<int, 2> ends{};
  base::check(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  const base::UniqueFd reader(ends[0]);
  base::UniqueFd writer(ends[1]);
  const auto deadline = base::DeadlineStream::Clock::now() + limit;
  const auto child = base::check(::fork(), "fork");
  if (child == 0)
    answer(writer.get(), [&] {
      if (is_root)
        become(who);
      return work();
    });
  writer.reset();
  return answer_of(child, reader.get(), deadline);
}

} // namespace admin
