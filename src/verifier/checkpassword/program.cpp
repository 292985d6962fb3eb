// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/program.hpp"

#include "base/deadline.hpp"
#include "base/signal_blocker.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace verifier {

namespace {

using Clock = std::chrono::steady_clock;
using End = ProgramEnd::Kind;

constexpr int first_unused = program_reply_fd + 1;
/// Reads of output that is still in the pipe when the program has ended. Other processes may go on
/// writing, so the number is limited.
constexpr unsigned last_reads = 16;

/// Two connected descriptors: what is written to `writer` can be read from `reader`.
struct Ends {
  base::UniqueFd reader, writer;
};

Ends make_pipe() {
  int ends[2];
  base::check(pipe2(ends, O_CLOEXEC), "pipe2");
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

/// Not a pipe, as only a socket reports the sender: after setuid(2), other processes of the user
/// could write in place of the program, with ptrace(2).
Ends reply_sockets() {
  int ends[2];
  const int on = 1;
  base::check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
  Ends sockets{base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
  base::check(setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), "SO_PASSCRED");
  return sockets;
}

/// A pipe that holds the message and has no writer.
base::UniqueFd pipe_with(const base::Secret& message) {
  auto pipe = make_pipe();
  const auto octets = message.reveal();
  if (write(pipe.writer.get(), octets.data(), octets.size()) != static_cast<ssize_t>(octets.size()))
    base::throw_errno("write the message");
  return std::move(pipe.reader);
}

/// Makes `wanted` the descriptors from 0 on, and closes all others.
void keep_only(std::array<int, first_unused> wanted) {
  for (int& fd : wanted)
    fd = base::check(fcntl(fd, F_DUPFD, first_unused), "fcntl"); // above the final numbers
  for (int number = 0; number < first_unused; ++number)
    base::check(dup2(wanted[static_cast<std::size_t>(number)], number), "dup2");
  base::check(close_range(first_unused, ~0U, 0), "close_range");
}

void reset_signals() {
  for (const int number : {SIGPIPE, SIGXFSZ}) // which sodapopd ignores
    signal(number, SIG_DFL);
  base::unblock_signals();
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const auto& string : strings)
    result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

[[noreturn]] void exec_program(const Program& program, int message, int output, int reply,
                               pid_t verifier) noexcept {
  try {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); // lost with setuid(2)
    if (getppid() != verifier)
      _exit(program_failed);
    const base::UniqueFd null(base::check(open("/dev/null", O_RDONLY), "open /dev/null"));
    keep_only({null.get(), output, output, message, reply});
    reset_signals();
    const auto arguments = pointers(program.arguments), environment = pointers(program.environment);
    execve(arguments[0], arguments.data(), environment.data());
    const auto problem = "cannot be run: " + std::string(std::strerror(errno)) + "\n";
    [[maybe_unused]] const auto told = write(2, problem.data(), problem.size());
  } catch (const std::exception&) {
    // The exit status reports the failure.
  }
  _exit(program_failed);
}

/// One run, in the parent. The destructor kills what is left of it.
class Run {
 public:
  Run(const Program& program, const base::Secret& message, ProgramOutput& output,
      std::size_t longest_reply);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { end(); }

  ProgramEnd wait(int lifeline, Clock::time_point deadline);

 private:
  End wait_for_end(int lifeline, Clock::time_point deadline);
  bool take_output();
  bool take_reply();
  /// Kills the process group, then takes the exit status. Until then the process number is not used
  /// again.
  int end();

  Ends written_ = make_pipe(), replies_ = reply_sockets();
  ProgramOutput& output_;
  std::size_t longest_reply_;
  pid_t process_ = -1;
  ProgramEnd result_;
};

Run::Run(const Program& program, const base::Secret& message, ProgramOutput& output,
         std::size_t longest_reply)
    : output_(output), longest_reply_(longest_reply) {
  base::check(fcntl(written_.reader.get(), F_SETFL, O_NONBLOCK), "fcntl");
  const auto input = pipe_with(message);
  const pid_t verifier = getpid();
  process_ = base::check(fork(), "fork");
  if (process_ == 0)
    exec_program(program, input.get(), written_.writer.get(), replies_.writer.get(), verifier);
  written_.writer.reset();
  replies_.writer.reset();
}

/// False when there is no output now, or when it has ended.
bool Run::take_output() {
  std::array<char, 4096> space;
  const auto octets = read(written_.reader.get(), space.data(), space.size());
  if (octets > 0)
    output_.take({space.data(), static_cast<std::size_t>(octets)});
  if (octets == 0)
    written_.reader.reset();
  return octets > 0;
}

/// False when there is no reply now, or when no more can come.
bool Run::take_reply() {
  std::vector<std::byte> octets(longest_reply_ + 1);
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(ucred))> control;
  iovec part{octets.data(), octets.size()};
  msghdr header{nullptr, 0, &part, 1, control.data(), control.size(), 0};
  const auto size = recvmsg(replies_.reader.get(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  const auto* told = size > 0 ? CMSG_FIRSTHDR(&header) : nullptr;
  if (told == nullptr || told->cmsg_type != SCM_CREDENTIALS) {
    if (size >= 0 || errno != EAGAIN)
      replies_.reader.reset();
    return false;
  }
  result_.replies = std::min(result_.replies + 1, 2U);
  if (result_.replies > 1)
    return true;
  ucred sender;
  std::memcpy(&sender, CMSG_DATA(told), sizeof sender);
  result_.sender = {sender.uid, sender.gid};
  octets.resize(static_cast<std::size_t>(size));
  result_.reply = std::move(octets);
  return true;
}

int Run::end() {
  int status = 0;
  if (process_ > 0) {
    kill(-process_, SIGKILL);
    kill(process_, SIGKILL); // it may not yet have its own group
    waitpid(process_, &status, 0);
  }
  process_ = -1;
  return status;
}

End Run::wait_for_end(int lifeline, Clock::time_point deadline) {
  // Becomes readable when the process ends. Uses syscall(2), as the C library's declaration has no
  // C linkage in C++.
  const auto exit_fd = base::check(syscall(SYS_pidfd_open, process_, 0), "pidfd_open");
  const base::UniqueFd exit(static_cast<int>(exit_fd));
  while (const int left = base::milliseconds_until(deadline)) {
    std::array<pollfd, 4> polled{{{exit.get(), POLLIN, 0},
                                  {lifeline, 0, 0},
                                  {written_.reader.get(), POLLIN, 0},
                                  {replies_.reader.get(), POLLIN, 0}}};
    if (poll(polled.data(), polled.size(), left) < 0 && errno != EINTR)
      base::throw_errno("poll");
    if (polled[0].revents != 0)
      return End::exited;
    if (polled[1].revents != 0)
      return End::lifeline_cut;
    if (polled[2].revents != 0)
      take_output();
    if (polled[3].revents != 0)
      take_reply();
  }
  return End::timed_out;
}

ProgramEnd Run::wait(int lifeline, Clock::time_point deadline) {
  result_.kind = wait_for_end(lifeline, deadline);
  const int status = end();
  for (unsigned reads = 0; reads < last_reads && take_output();)
    ++reads;
  while (result_.replies < 2 && take_reply()) {
  }
  if (result_.kind == End::exited) {
    result_.kind = WIFSIGNALED(status) ? End::killed : End::exited;
    result_.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  }
  output_.finish();
  return std::move(result_);
}

} // namespace

ProgramEnd run_program(const Program& program, const base::Secret& message, ProgramOutput& output,
                       std::size_t longest_reply, int lifeline, Clock::time_point deadline) {
  return Run(program, message, output, longest_reply).wait(lifeline, deadline);
}

} // namespace verifier
