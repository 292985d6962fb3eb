// SPDX-License-Identifier: ISC
#include "admin/check/child_program.hpp"

#include "base/system_error.hpp"
#include "base/text_file.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace admin {

namespace {

constexpr std::size_t most_errors = 65536; // octets

[[noreturn]] void become_program(int program, const std::vector<std::string>& words,
                                 const std::function<void()>& prepare) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  try {
    prepare();
    ::fexecve(program, arguments.data(), ::environ);
    base::throw_errno(words.front());
  } catch (const std::exception& error) {
    ::dprintf(STDERR_FILENO, "%s\n", error.what());
  }
  ::_exit(1);
}

} // namespace

base::UniqueFd nameless_file(const std::string& content) {
  base::UniqueFd file(base::check(::memfd_create("sodapop", MFD_CLOEXEC), "memfd_create"));
  if (::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    base::throw_errno("write to memory");
  base::check(::lseek(file.get(), 0, SEEK_SET), "lseek");
  return file;
}

ChildProgram::ChildProgram(const base::UniqueFd& program, const std::vector<std::string>& words,
                           Streams streams, const std::function<void()>& prepare)
    : errors_(nameless_file("")) {
  pid_ = base::check(::fork(), "fork");
  if (pid_ == 0) {
    // The lower numbers last: the others may be among them.
    const base::UniqueFd in(::fcntl(streams.in, F_DUPFD_CLOEXEC, 3));
    const base::UniqueFd out(::fcntl(streams.out, F_DUPFD_CLOEXEC, 3));
    ::dup2(in.get(), STDIN_FILENO);
    ::dup2(out.get(), STDOUT_FILENO);
    ::dup2(errors_.get(), STDERR_FILENO);
    become_program(program.get(), words, prepare);
  }
  process_.reset(static_cast<int>(base::check(::syscall(SYS_pidfd_open, pid_, 0), "pidfd_open")));
}

ChildProgram::~ChildProgram() {
  if (process_)
    wait(std::chrono::seconds(0));
}

bool ChildProgram::wait(std::chrono::seconds limit) {
  struct pollfd end {
    process_.get(), POLLIN, 0
  };
  const bool has_ended = ::poll(&end, 1, static_cast<int>(limit.count()) * 1000) == 1;
  if (!has_ended)
    ::kill(pid_, SIGKILL);
  ::waitpid(pid_, &status_, 0);
  process_.reset();
  return has_ended;
}

std::string ChildProgram::errors() const {
  base::check(::lseek(errors_.get(), 0, SEEK_SET), "lseek");
  return base::read_text(errors_.get(), "standard error", most_errors);
}

} // namespace admin
