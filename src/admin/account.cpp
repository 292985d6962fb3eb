// SPDX-License-Identifier: ISC
#include "admin/account.hpp"

#include "base/deadline_stream.hpp"
#include "base/system_error.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace admin {

namespace {

void require(int result, const char* call, const base::Identity& who) {
  if (result != 0 && errno == EINVAL)
    throw NoSuchIdentity(who);
  base::check(result, call);
}

void become(const base::Identity& who) {
  require(::setgroups(1, &who.gid), "setgroups", who);
  require(::setresgid(who.gid, who.gid, who.gid), "setresgid", who);
  require(::setresuid(who.uid, who.uid, who.uid), "setresuid", who);
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

WorkInChild::WorkInChild(const std::function<std::string()>& work, std::chrono::milliseconds limit)
    : deadline_(base::DeadlineStream::Clock::now() + limit) {
  std::array<int, 2> ends{};
  base::check(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  pipe_ = base::UniqueFd(ends[0]);
  const base::UniqueFd writer(ends[1]);
  child_ = base::check(::fork(), "fork");
  if (child_ == 0) {
    ::dup2(writer.get(), STDOUT_FILENO); // a child that hangs must not hold a pipe of the parent's
    answer(writer.get(), work);
  }
}

WorkInChild::~WorkInChild() {
  if (child_ > 0)
    ::kill(child_, SIGKILL); // without waiting for it: a file system may hold it
}

std::string WorkInChild::result() {
  std::string text;
  try {
    text = text_from(pipe_.get(), deadline_);
  } catch (const base::Timeout&) {
    throw Failure("a process with the user's identity did not answer in time: it was stopped, or "
                  "waits for a file system");
  }
  int status = 0;
  base::check(::waitpid(std::exchange(child_, -1), &status, 0), "wait for a child process");
  if (!WIFEXITED(status))
    throw Failure("a process with the user's identity was killed");
  if (WEXITSTATUS(status) != 0)
    throw Failure(text);
  return text;
}

std::string as_user(const base::Identity& who, const std::function<std::string()>& work,
                    std::chrono::milliseconds limit) {
  const bool is_root = ::geteuid() == 0;
  if (!is_root && who.uid != ::geteuid())
    throw Failure("only root can act as uid " + std::to_string(who.uid));
  return WorkInChild(
             [&] {
               if (is_root)
                 become(who);
               return work();
             },
             limit)
      .result();
}

ActingAs::ActingAs(const base::Identity& who) : is_root_(::geteuid() == 0) {
  if (!is_root_)
    return;
  require(::setgroups(1, &who.gid), "setgroups", who);
  require(::setegid(who.gid), "setegid", who);
  require(::seteuid(who.uid), "seteuid", who);
}

ActingAs::~ActingAs() {
  if (is_root_ && (::seteuid(0) != 0 || ::setegid(0) != 0))
    std::abort();
}

} // namespace admin
