// SPDX-License-Identifier: ISC
#include "state/turnstile.hpp"

#include "base/system_error.hpp"
#include "state/octet_lock.hpp"

#include <algorithm>
#include <csignal>
#include <sys/time.h>

namespace state {

namespace {

using Clock = std::chrono::steady_clock;

/// Interrupts system calls of this process, while it exists, when a child ends and when it rings.
class SleepInterrupter {
 public:
  SleepInterrupter() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    action.sa_flags = SA_NOCLDSTOP; // and not SA_RESTART
    base::check(::sigaction(SIGALRM, &action, &alarm_before_), "sigaction");
    base::check(::sigaction(SIGCHLD, &action, &child_before_), "sigaction");
  }
  ~SleepInterrupter() {
    const itimerval none{};
    ::setitimer(ITIMER_REAL, &none, nullptr);
    ::sigaction(SIGALRM, &alarm_before_, nullptr);
    ::sigaction(SIGCHLD, &child_before_, nullptr);
  }
  SleepInterrupter(const SleepInterrupter&) = delete;
  SleepInterrupter& operator=(const SleepInterrupter&) = delete;

  /// Rings after `time`, which is rounded up to microseconds, and then each second: one ring could
  /// come just before the call that it is to interrupt.
  static void ring_after(Clock::duration time) {
    using namespace std::chrono;
    const auto whole = ceil<microseconds>(time).count();
    constexpr auto second = microseconds::period::den;
    const itimerval timer{.it_interval = {1, 0}, .it_value = {whole / second, whole % second}};
    base::check(::setitimer(ITIMER_REAL, &timer, nullptr), "setitimer");
  }

 private:
  struct sigaction alarm_before_ {};
  struct sigaction child_before_ {};
};

} // namespace

bool pass_turnstile(int fd, off_t octet, Clock::time_point deadline,
                    const std::function<bool()>& goes_on) {
  if (try_lock(fd, octet))
    return true;
  const SleepInterrupter interrupter;
  while (goes_on()) {
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero())
      return false;
    interrupter.ring_after(std::min<Clock::duration>(left, longest_sleep));
    if (wait_for_lock(fd, octet))
      return true;
  }
  return false;
}

void leave_turnstile(int fd, off_t octet) {
  unlock(fd, octet);
}

off_t turnstile_octet(std::string_view name) {
  return octet_range(name, 1);
}

} // namespace state
