// SPDX-License-Identifier: ISC
#include "front/hang_alarm.hpp"

#include <sys/time.h>

namespace front {

void HangAlarm::put_off() {
  constexpr std::chrono::milliseconds pause{200};
  const auto now = Clock::now();
  if (now < may_be_set_)
    return;
  may_be_set_ = now + pause;
  set(time_);
}

void HangAlarm::put_off_far() {
  constexpr std::chrono::seconds far{30};
  set(time_ + far);
}

void HangAlarm::stop() {
  if (may_be_set_ != Clock::time_point())
    set({});
}

/// With a time of 0 none is set.
void HangAlarm::set(std::chrono::milliseconds time) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(time);
  const itimerval once{{0, 0}, {whole.count(), microseconds(time - whole).count()}};
  setitimer(ITIMER_REAL, &once, nullptr); // cannot fail
}

} // namespace front
