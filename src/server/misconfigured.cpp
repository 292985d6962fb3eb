// SPDX-License-Identifier: ISC
#include "server/misconfigured.hpp"

#include "base/deadline.hpp"
#include "base/system_error.hpp"
#include "listener/connection.hpp"
#include "listener/signals.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <thread>
#include <unistd.h>

namespace server {

namespace {

using Clock = std::chrono::steady_clock;

/// What keeps the server from starting, and the log that is to tell it.
struct Obstacle {
  StartFailure failure;
  std::string log;
};

constexpr char separator = '\0'; // between the log and the problem in the message of a child

/// In the child: the exit status.
int report_attempt(const StartAttempt& attempt, int report) noexcept {
  FailureTarget target;
  try {
    attempt(target);
    return EX_OK;
  } catch (const std::exception& error) {
    const auto failure = failure_of(error);
    const auto message = (target.log + separator + failure.problem).substr(0, PIPE_BUF);
    [[maybe_unused]] const auto written = write(report, message.data(), message.size());
    return failure.status;
  }
}

Obstacle obstacle_in(std::string_view message, int status) {
  const auto end_of_log = message.find(separator);
  if (!WIFEXITED(status) || end_of_log == message.npos)
    return {{EX_OSERR, "the process that checks the configuration was killed"},
            FailureTarget().log};
  return {{WEXITSTATUS(status), std::string(message.substr(end_of_log + 1))},
          std::string(message.substr(0, end_of_log))};
}

/// Nothing when the attempt succeeds.
std::optional<Obstacle> obstacle_of(const StartAttempt& attempt) {
  int ends[2];
  base::check(pipe2(ends, O_CLOEXEC), "pipe2");
  const base::UniqueFd reader(ends[0]);
  base::UniqueFd writer(ends[1]);
  const pid_t child = base::check(fork(), "fork");
  if (child == 0)
    _exit(report_attempt(attempt, writer.get()));
  writer.reset();
  std::array<char, PIPE_BUF> message;
  const auto size = read(reader.get(), message.data(), message.size());
  int status = 0;
  base::check(waitpid(child, &status, 0), "waitpid");
  if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OK)
    return {};
  return obstacle_in({message.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))},
                     status);
}

/// The same, where the attempt itself may fail.
std::optional<Obstacle> find_obstacle(const StartAttempt& attempt) {
  try {
    return obstacle_of(attempt);
  } catch (const std::system_error& error) {
    return Obstacle{failure_of(error), FailureTarget().log};
  }
}

class Refusals {
 public:
  Refusals(const std::vector<listener::ListeningSocket>& sockets, listener::Notifier& notifier,
           const StartAttempt& attempt, Obstacle obstacle)
      : notifier_(notifier), attempt_(attempt), signals_(listener::block_signals()),
        obstacle_(std::move(obstacle)) {
    polled_.push_back({signals_.get(), POLLIN, 0});
    for (const auto& socket : sockets)
      polled_.push_back({socket.fd.get(), POLLIN, 0});
    tell_failure(obstacle_.failure, {.log = obstacle_.log, .has_client = false});
    tell_manager();
    notifier_.ready();
  }

  Waiting run() {
    for (;;) {
      await();
      const auto signal = take_signal();
      if (signal == SIGTERM || signal == SIGINT)
        return stop();
      const bool is_reload = signal == SIGHUP;
      if ((is_reload || has_client()) && is_mended(is_reload))
        return Waiting::mended;
      for (auto socket = first_socket(); socket != polled_.end(); ++socket)
        if (socket->revents != 0)
          refuse(socket->fd);
      if (refused_ > 0 && Clock::now() >= told_at_ + problem_interval)
        log_again();
    }
  }

 private:
  void await() {
    const int limit = refused_ > 0 ? base::milliseconds_until(told_at_ + problem_interval) : -1;
    if (poll(polled_.data(), polled_.size(), limit) < 0)
      std::this_thread::sleep_for(refusal_pause); // the system has no memory
  }

  /// 0 when there is none.
  int take_signal() const {
    signalfd_siginfo info;
    return read(signals_.get(), &info, sizeof info) == sizeof info
               ? static_cast<int>(info.ssi_signo)
               : 0;
  }

  std::vector<pollfd>::const_iterator first_socket() const { return polled_.begin() + 1; }

  bool has_client() const {
    return std::any_of(first_socket(), polled_.end(),
                       [](const pollfd& socket) { return socket.revents != 0; });
  }

  bool is_mended(bool is_reload) {
    if (is_reload)
      notifier_.reloading();
    auto obstacle = find_obstacle(attempt_);
    if (!obstacle) {
      notifier_.set_problem("");
      return true;
    }
    const bool is_new = obstacle->failure.problem != obstacle_.failure.problem;
    obstacle_ = std::move(*obstacle);
    if (is_new || is_reload) {
      log_again();
      tell_manager();
    }
    if (is_reload)
      notifier_.ready();
    return false;
  }

  void refuse(int socket) {
    if (const auto connection = listener::take_connection(socket); connection.fd) {
      listener::tell(connection.fd.get(), obstacle_.failure.reply());
      ++refused_;
    }
    std::this_thread::sleep_for(refusal_pause);
  }

  void log_again() {
    log_failure(obstacle_.log, obstacle_.failure, refused_);
    told_at_ = Clock::now();
    refused_ = 0;
  }

  void tell_manager() { notifier_.set_problem("misconfigured: " + obstacle_.failure.problem); }

  Waiting stop() {
    if (refused_ > 0)
      log_again();
    notifier_.stopping();
    return Waiting::stopped;
  }

  listener::Notifier& notifier_;
  const StartAttempt& attempt_;
  base::UniqueFd signals_;
  Obstacle obstacle_;
  std::vector<pollfd> polled_; // the signals, then the sockets
  Clock::time_point told_at_ = Clock::now();
  std::uint64_t refused_ = 0; // since the last line of the log
};

} // namespace

Waiting refuse_until_mended(const std::vector<listener::ListeningSocket>& sockets,
                            listener::Notifier& notifier, const StartAttempt& attempt) {
  auto obstacle = find_obstacle(attempt);
  if (!obstacle)
    return Waiting::mended;
  return Refusals(sockets, notifier, attempt, std::move(*obstacle)).run();
}

} // namespace server
