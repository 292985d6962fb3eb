// SPDX-License-Identifier: ISC
#include "ipc/kill_switch.hpp"

#include "base/system_error.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <functional>
#include <ostream>
#include <sys/wait.h>
#include <unistd.h>

using ipc::KillSwitch;
using namespace std::chrono_literals;
using Clock = KillSwitch::Clock;

namespace {

constexpr auto patience = 30s;

/// A process with a switch that kills it, and what its child does with that: as monitor and front,
/// but here the front is a grandchild of the test. Gives the status of the process.
int status_of(const std::function<void()>& process,
              const std::function<void(const KillSwitch&)>& child) {
  const pid_t made = base::check(fork(), "fork");
  if (made == 0) {
    auto kill_switch = KillSwitch::for_this_process(getpid());
    if (base::check(fork(), "fork") == 0) {
      kill_switch.keep_trigger();
      child(kill_switch);
      _exit(0);
    }
    process();
    _exit(7);
  }
  int status = 0;
  CHECK(waitpid(made, &status, 0) == made);
  return status;
}

void kill_at_once(const KillSwitch& kill_switch) {
  kill_switch.await_end(Clock::now());
}

} // namespace

TEST_CASE("the switch kills a process that waits, and one that is stopped") {
  for (const bool is_stopped : {false, true}) {
    const auto before = Clock::now();
    const int status = status_of(
        [&] { is_stopped ? raise(SIGSTOP) : pause(); },
        [](const KillSwitch& kill_switch) { kill_switch.await_end(Clock::now() + 200ms); });
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    CHECK(Clock::now() - before >= 200ms);
    CHECK(Clock::now() - before < patience);
  }
}

TEST_CASE("blocked signals make no difference") {
  const int status = status_of(
      [] {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, nullptr);
        pause();
      },
      kill_at_once);
  CHECK(WIFSIGNALED(status));
}

TEST_CASE("the end of the child alone kills nothing") {
  const int status = status_of(
      [] {
        int child = 0;
        wait(&child);
      },
      [](const KillSwitch&) {});
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("a process that ends by itself is waited for no longer") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const int status = status_of([] {},
                               [&](const KillSwitch& kill_switch) {
                                 const auto before = Clock::now();
                                 kill_switch.await_end(before + 2 * patience);
                                 const char is_quick = Clock::now() - before < patience ? 'y' : 'n';
                                 [[maybe_unused]] const auto written = write(ends[1], &is_quick, 1);
                               });
  char is_quick = 0;
  CHECK(read(ends[0], &is_quick, 1) == 1);
  CHECK(is_quick == 'y');
  CHECK(WEXITSTATUS(status) == 7);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("a process that has destroyed its switch is not killed") {
  const pid_t made = base::check(fork(), "fork");
  if (made == 0) {
    {
      auto kill_switch = KillSwitch::for_this_process(getpid());
      if (base::check(fork(), "fork") == 0) {
        kill_switch.keep_trigger();
        kill_switch.await_end(Clock::now() + 2 * patience);
        _exit(0);
      }
    }
    int child = 0;
    wait(&child); // ends at once, as the switch is gone
    _exit(7);
  }
  int status = 0;
  CHECK(waitpid(made, &status, 0) == made);
  CHECK(WIFEXITED(status));
}

TEST_CASE("a switch of nothing does nothing") {
  const KillSwitch none;
  none.await_end(Clock::now() + patience);
}
