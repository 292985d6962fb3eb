// SPDX-License-Identifier: ISC
#include "verifier/verifier_process.hpp"

#include "base/deadline.hpp"
#include "base/system_error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

namespace verifier {

namespace {

using Clock = std::chrono::steady_clock;

void write_whole(int fd, const Verdict& verdict) {
  const auto* bytes = reinterpret_cast<const char*>(&verdict);
  for (std::size_t sent = 0; sent < sizeof verdict;)
    sent += static_cast<std::size_t>(
        base::check(write(fd, bytes + sent, sizeof verdict - sent), "write the verdict"));
}

/// False unless a whole verdict comes before the deadline.
bool read_whole(int fd, Verdict& verdict, Clock::time_point deadline) {
  auto* bytes = reinterpret_cast<char*>(&verdict);
  for (std::size_t got = 0; got < sizeof verdict;) {
    const int left = base::milliseconds_until(deadline);
    pollfd wanted{fd, POLLIN, 0};
    if (left == 0 || poll(&wanted, 1, left) <= 0)
      return false;
    const auto octets = read(fd, bytes + got, sizeof verdict - got);
    if (octets <= 0)
      return false;
    got += static_cast<std::size_t>(octets);
  }
  return verdict.kind <= Verdict::Kind::last;
}

/// The verdict of `task`; a temporary one, which is logged, when the task throws.
Verdict verdict_of(const VerifierTask& task, int verdict_fd, const base::Log& log) {
  try {
    return task(verdict_fd);
  } catch (const std::exception& error) {
    log.write(base::Event("unavailable", base::Level::error)
                  .with("reason", "verifier-failed")
                  .with_quoted("problem", error.what()));
    return {};
  }
}

/// Does not return and does not throw: the child must not continue in the monitor's code.
[[noreturn]] void run_child(int verdict_fd, const VerifierTask& task,
                            const base::Log& log) noexcept {
  try {
    write_whole(verdict_fd, verdict_of(task, verdict_fd, log));
  } catch (const std::exception&) {
    _exit(1);
  }
  _exit(0);
}

} // namespace

Verdict run_verifier_process(const VerifierTask& task, const base::Log& log, ipc::Channel& channel,
                             Clock::time_point deadline) {
  int ends[2];
  base::check(pipe2(ends, O_CLOEXEC), "pipe2");
  base::UniqueFd for_parent(ends[0]), for_child(ends[1]);
  const pid_t child = base::check(fork(), "fork");
  if (child == 0) {
    close(channel.fd());
    for_parent.reset();
    run_child(for_child.get(), task, log);
  }
  for_child.reset();
  Verdict verdict; // only one, as it is large and each page of the stack costs memory
  const bool is_complete = read_whole(for_parent.get(), verdict, deadline);
  kill(child, SIGKILL); // it is not needed any more
  int status = 0;
  waitpid(child, &status, 0);
  if (!is_complete) {
    verdict = Verdict();
    log.write(base::Event("unavailable", base::Level::error)
                  .with("reason", "verifier-ended")
                  .with("status", static_cast<std::uint64_t>(status)));
  }
  return verdict;
}

} // namespace verifier
