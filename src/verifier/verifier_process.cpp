// SPDX-License-Identifier: ISC
#include "verifier/verifier_process.hpp"

#include "base/crash.hpp"
#include "base/deadline.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/stack_canary.hpp"

#include <poll.h>
#include <signal.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>

namespace verifier {

namespace {

using Clock = std::chrono::steady_clock;

bool has_crashed = false;

/// True when something can be read before the deadline. A signal, such as that for a process which
/// was stopped, does not end the wait.
bool can_be_read(int fd, Clock::time_point deadline) {
  pollfd wanted{fd, POLLIN, 0};
  int ready = 0;
  do
    ready = poll(&wanted, 1, base::milliseconds_until(deadline));
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

/// The octets of the message, also where these are more than the space; 0 when none has come before
/// the deadline.
std::size_t receive(int fd, std::span<std::byte> space, Clock::time_point deadline) {
  if (!can_be_read(fd, deadline))
    return 0;
  iovec place{space.data(), space.size()};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  const auto size = recvmsg(fd, &message, MSG_TRUNC);
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

/// Does not return and does not throw: the child must not continue in the monitor's code.
[[noreturn]] __attribute__((no_stack_protector, noinline)) void
run_child(int answer_fd, const std::function<void(int)>& task) noexcept {
  try {
    sandbox::renew_stack_canary();
    task(answer_fd);
    _exit(0);
  } catch (const std::exception& error) {
    const auto text = std::string_view(error.what()).substr(0, max_problem);
    [[maybe_unused]] const auto sent = write(answer_fd, text.data(), text.size());
    _exit(1);
  }
}

} // namespace

bool run_verifier(const std::function<void(int answer_fd)>& task, std::span<std::byte> answer,
                  const base::Log& log, ipc::Channel& channel, Clock::time_point deadline) {
  int ends[2];
  // Not a pipe: a message comes whole or not at all.
  base::check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
  base::UniqueFd for_parent(ends[0]), for_child(ends[1]);
  const pid_t child = base::check(fork(), "fork");
  if (child == 0) {
    close(channel.fd());
    for_parent.reset();
    run_child(for_child.get(), task);
  }
  for_child.reset();
  const auto size = receive(for_parent.get(), answer, deadline);
  kill(child, SIGKILL); // it is not needed any more
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  has_crashed = has_crashed || base::is_crash(status);
  if (size == answer.size())
    return true;
  if (size > 0 && size <= max_problem)
    log.write({"unavailable", base::Level::error, "verifier-failed",
               std::string_view(reinterpret_cast<const char*>(answer.data()), size)});
  else
    log.write(base::Event("unavailable", base::Level::error, "verifier-ended")
                  .with("status", static_cast<std::uint64_t>(status)));
  return false;
}

bool has_verifier_crashed() {
  return has_crashed;
}

} // namespace verifier
