// SPDX-License-Identifier: ISC
#include "listener/shutdown.hpp"

#include <algorithm>
#include <csignal>

namespace listener {

void Shutdown::begin(Clock::time_point now, std::chrono::seconds limit) {
  if (has_begun())
    until_ = std::min(until_, now);
  else
    enter(Phase::waiting, now + limit);
}

void Shutdown::advance(const SessionTable& sessions, Clock::time_point now) {
  if (has_begun() && sessions.empty())
    enter(Phase::over, Clock::time_point::max());
  if (now < until_)
    return;
  switch (phase_) {
  case Phase::waiting:
    terminated_ = sessions.size();
    signal_all(sessions, SIGTERM);
    return enter(Phase::terminating, now + kill_grace);
  case Phase::terminating:
    signal_all(sessions, SIGKILL);
    return enter(Phase::killing, now + kill_grace);
  case Phase::killing: return enter(Phase::over, Clock::time_point::max());
  case Phase::none:
  case Phase::over: break;
  }
}

void Shutdown::enter(Phase phase, Clock::time_point until) {
  phase_ = phase;
  until_ = until;
}

} // namespace listener
