// SPDX-License-Identifier: ISC
#include "verifier/verifier_process.hpp"

#include "base/deadline.hpp"
#include "base/system_error.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace verifier {

namespace {

using Clock = std::chrono::steady_clock;

/// False unless a whole verdict comes before the deadline.
bool receive(int fd, Verdict& verdict, Clock::time_point deadline) {
  pollfd wanted{fd, POLLIN, 0};
  return poll(&wanted, 1, base::milliseconds_until(deadline)) > 0 &&
         read(fd, &verdict, sizeof verdict) == static_cast<ssize_t>(sizeof verdict) &&
         verdict.kind <= Verdict::Kind::last;
}

/// The verdict of `task`; a temporary one, which is logged, when the task throws.
Verdict verdict_of(const VerifierTask& task, int verdict_fd, const base::Log& log) {
  try {
    return task(verdict_fd);
  } catch (const std::exception& error) {
    log.write({"unavailable", base::Level::error, "verifier-failed", error.what()});
    return {};
  }
}

/// Does not return and does not throw: the child must not continue in the monitor's code.
[[noreturn]] void run_child(int verdict_fd, const VerifierTask& task,
                            const base::Log& log) noexcept {
  const auto verdict = verdict_of(task, verdict_fd, log);
  _exit(write(verdict_fd, &verdict, sizeof verdict) < 0 ? 1 : 0);
}

} // namespace

Verdict run_verifier_process(const VerifierTask& task, const base::Log& log, ipc::Channel& channel,
                             Clock::time_point deadline) {
  int ends[2];
  // Not a pipe: a message comes whole or not at all.
  base::check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
  base::UniqueFd for_parent(ends[0]), for_child(ends[1]);
  const pid_t child = base::check(fork(), "fork");
  if (child == 0) {
    close(channel.fd());
    for_parent.reset();
    run_child(for_child.get(), task, log);
  }
  for_child.reset();
  Verdict verdict; // only one, as it is large and each page of the stack costs memory
  const bool is_complete = receive(for_parent.get(), verdict, deadline);
  kill(child, SIGKILL); // it is not needed any more
  int status = 0;
  waitpid(child, &status, 0);
  if (!is_complete) {
    verdict = Verdict();
    log.write(base::Event("unavailable", base::Level::error, "verifier-ended")
                  .with("status", static_cast<std::uint64_t>(status)));
  }
  return verdict;
}

} // namespace verifier
