// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/program.hpp"

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <algorithm>
#include <climits>
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
using Kind = ProgramEnd::Kind;

constexpr int temporary_problem = 111; // by the interface
constexpr int first_unused = program_reply_fd + 1;
/// Reads of output that is still in the pipe when the program has ended. Other processes may go on
/// writing, so the number is limited.
constexpr unsigned last_reads = 16;

struct Ends {
  base::UniqueFd ours, theirs;
};

Ends output_pipe() {
  int ends[2];
  base::check(pipe2(ends, O_CLOEXEC), "pipe2");
  base::check(fcntl(ends[0], F_SETFL, O_NONBLOCK), "fcntl");
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

/// Not a pipe, as only a socket reports the sender: after setuid(2), other processes of the user
/// could write in place of the program, with ptrace(2).
Ends reply_sockets() {
  int ends[2];
  const int on = 1;
  base::check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends),
              "socketpair");
  Ends sockets{base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
  base::check(setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), "SO_PASSCRED");
  base::check(fcntl(ends[1], F_SETFL, 0), "fcntl");
  return sockets;
}

/// A pipe that holds the message and has no writer.
base::UniqueFd pipe_with(const base::Secret& message) {
  int ends[2];
  base::check(pipe2(ends, O_CLOEXEC), "pipe2");
  base::UniqueFd reader(ends[0]), writer(ends[1]);
  const auto octets = message.reveal();
  if (write(writer.get(), octets.data(), octets.size()) != static_cast<ssize_t>(octets.size()))
    base::throw_errno("write the message");
  return reader;
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
  sigset_t none;
  sigemptyset(&none);
  base::check(sigprocmask(SIG_SETMASK, &none, nullptr), "sigprocmask");
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const auto& string : strings)
    result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

[[noreturn]] void exec_program(const Program& program, int message, int output,
                               int reply) noexcept {
  try {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); // lost with setuid(2)
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
  _exit(temporary_problem);
}

/// Opens a descriptor that becomes readable when the process ends. Uses syscall(2), as the C
/// library's declaration has no C linkage in C++.
int open_process(pid_t process) {
  return static_cast<int>(syscall(SYS_pidfd_open, process, 0));
}

/// The parent's side of one run.
class Run {
 public:
  Run(pid_t process, base::UniqueFd output_fd, base::UniqueFd reply_fd, ProgramOutput& output,
      std::size_t longest_reply)
      : process_(process), exit_(open_process(process)), output_fd_(std::move(output_fd)),
        reply_fd_(std::move(reply_fd)), output_(output), longest_reply_(longest_reply) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { end(); }

  ProgramEnd wait(int lifeline, Clock::time_point deadline);

 private:
  bool take_output();
  bool take_reply();
  /// Kills the process group, then takes the exit status. Until then the process number is not used
  /// again.
  int end();

  pid_t process_;
  base::UniqueFd exit_;
  base::UniqueFd output_fd_, reply_fd_;
  ProgramOutput& output_;
  std::size_t longest_reply_;
  ProgramEnd result_;
};

/// False when there is no output now, or when it has ended.
bool Run::take_output() {
  std::array<char, 4096> space;
  const auto octets = read(output_fd_.get(), space.data(), space.size());
  if (octets > 0)
    output_.take({space.data(), static_cast<std::size_t>(octets)});
  if (octets == 0)
    output_fd_.reset();
  return octets > 0;
}

/// False when there is no reply now, or when no more can come.
bool Run::take_reply() {
  std::vector<std::byte> octets(longest_reply_ + 1);
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(ucred))> control;
  iovec part{octets.data(), octets.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const auto size = recvmsg(reply_fd_.get(), &header, MSG_CMSG_CLOEXEC);
  const auto* told = size > 0 ? CMSG_FIRSTHDR(&header) : nullptr;
  if (told == nullptr || told->cmsg_type != SCM_CREDENTIALS) {
    if (size >= 0 || errno != EAGAIN)
      reply_fd_.reset();
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

ProgramEnd Run::wait(int lifeline, Clock::time_point deadline) {
  base::check(exit_.get(), "pidfd_open");
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0)
      break;
    std::array<pollfd, 4> polled{{{exit_.get(), POLLIN, 0},
                                  {lifeline, 0, 0},
                                  {output_fd_.get(), POLLIN, 0},
                                  {reply_fd_.get(), POLLIN, 0}}};
    const auto most = static_cast<int>(std::min<std::int64_t>(left, INT_MAX));
    if (poll(polled.data(), polled.size(), most) < 0 && errno != EINTR)
      base::throw_errno("poll");
    if (polled[0].revents != 0 || polled[1].revents != 0) {
      result_.kind = polled[0].revents != 0 ? Kind::exited : Kind::lifeline_cut;
      break;
    }
    if (polled[2].revents != 0)
      take_output();
    if (polled[3].revents != 0)
      take_reply();
  }
  const int status = end();
  for (unsigned reads = 0; reads < last_reads && take_output();)
    ++reads;
  while (result_.replies < 2 && take_reply()) {
  }
  if (result_.kind == Kind::exited) {
    result_.kind = WIFSIGNALED(status) ? Kind::killed : Kind::exited;
    result_.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  }
  return std::move(result_);
}

} // namespace

ProgramEnd run_program(const Program& program, const base::Secret& message, ProgramOutput& output,
                       std::size_t longest_reply, int lifeline, Clock::time_point deadline) {
  auto output_ends = output_pipe();
  auto replies = reply_sockets();
  auto input = pipe_with(message);
  const pid_t process = base::check(fork(), "fork");
  if (process == 0)
    exec_program(program, input.get(), output_ends.theirs.get(), replies.theirs.get());
  input.reset();
  output_ends.theirs.reset();
  replies.theirs.reset();
  auto end =
      Run(process, std::move(output_ends.ours), std::move(replies.ours), output, longest_reply)
          .wait(lifeline, deadline);
  output.finish();
  return end;
}

} // namespace verifier
