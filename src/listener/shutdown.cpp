// SPDX-License-Identifier: ISC
#include "listener/shutdown.hpp"

#include <algorithm>
#include <csignal>

namespace listener {

void Shutdown::begin(Clock::time_point now, std::chrono::seconds limit) {
  until_ = has_begun() ? std::min(until_, now) : now + limit;
  if (!has_begun())
    phase_ = Phase::waiting;
}

void Shutdown::advance(const SessionTable& sessions, Clock::time_point now) {
  if (has_begun() && sessions.empty())
    phase_ = Phase::over;
  if (is_over() || now < until_)
    return;
  until_ = now + kill_grace;
  switch (phase_) {
  case Phase::waiting:
    terminated_ = sessions.size();
    signal_all(sessions, SIGTERM);
    phase_ = Phase::terminating;
    break;
  case Phase::terminating:
    signal_all(sessions, SIGKILL);
    phase_ = Phase::killing;
    break;
  default: phase_ = Phase::over;
  }
}

} // namespace listener
