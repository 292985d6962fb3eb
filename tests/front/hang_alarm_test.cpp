// SPDX-License-Identifier: ISC
#include "front/hang_alarm.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <functional>
#include <ostream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using front::HangAlarm;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// The status of a process that does `work` with an alarm for a limit of no time.
int status_after(const std::function<void(HangAlarm&)>& work) {
  const pid_t process = fork();
  REQUIRE(process >= 0);
  if (process == 0) {
    signal(SIGALRM, SIG_DFL);
    HangAlarm alarm(0s);
    work(alarm);
    _exit(0);
  }
  int status = 0;
  CHECK(waitpid(process, &status, 0) == process);
  return status;
}

} // namespace

TEST_CASE("a process that hangs is ended by a signal, soon after the limit") {
  const auto before = Clock::now();
  const int status = status_after([](HangAlarm& alarm) {
    alarm.put_off();
    pause();
  });
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGALRM);
  CHECK(Clock::now() - before >= HangAlarm::margin);
}

TEST_CASE("an alarm that was stopped does not come") {
  const int status = status_after([](HangAlarm& alarm) {
    alarm.put_off();
    alarm.stop();
    std::this_thread::sleep_for(1200ms);
  });
  CHECK(WIFEXITED(status));
}

TEST_CASE("an alarm that was put off far does not come, until it is put off as usual again") {
  const auto before = Clock::now();
  const int status = status_after([](HangAlarm& alarm) {
    alarm.put_off();
    alarm.put_off_far();
    std::this_thread::sleep_for(1200ms);
    alarm.put_off();
    pause();
  });
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGALRM);
  CHECK(Clock::now() - before >= 1200ms + HangAlarm::margin);
}

TEST_CASE("a process that goes on is not ended") {
  const int status = status_after([](HangAlarm& alarm) {
    for (const auto end = Clock::now() + 1500ms; Clock::now() < end;) {
      alarm.put_off();
      std::this_thread::sleep_for(10ms);
    }
  });
  CHECK(WIFEXITED(status));
}
