// SPDX-License-Identifier: ISC
#include "listener/event_throttle.hpp"

#include <algorithm>

namespace listener {

void EventThrottle::write(Kind kind, base::Event event, Clock::time_point now) {
  auto& state = states_[static_cast<std::size_t>(kind)];
  if (now < state.silent_until) {
    if (state.kept)
      ++state.suppressed;
    state.kept = std::move(event);
    return;
  }
  if (state.kept)
    ++state.suppressed;
  write(state, std::move(event), now);
}

void EventThrottle::write_due(Clock::time_point now) {
  for (auto& state : states_)
    if (state.kept && now >= state.silent_until)
      write(state, std::move(*state.kept), now);
}

Clock::time_point EventThrottle::due() const {
  auto earliest = Clock::time_point::max();
  for (const auto& state : states_)
    if (state.kept)
      earliest = std::min(earliest, state.silent_until);
  return earliest;
}

void EventThrottle::write(State& state, base::Event event, Clock::time_point now) {
  log_.write(event.with("suppressed", state.suppressed));
  state.kept.reset();
  state.suppressed = 0;
  state.silent_until = now + pause;
}

} // namespace listener
