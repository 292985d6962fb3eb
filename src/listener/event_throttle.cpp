// SPDX-License-Identifier: ISC
#include "listener/event_throttle.hpp"

#include <algorithm>
#include <utility>

namespace listener {

void EventThrottle::write(Kind kind, base::Event event, Clock::time_point now) {
  auto& state = states_[static_cast<std::size_t>(kind)];
  if (state.kept)
    ++state.suppressed;
  state.kept = std::move(event);
  write_due(state, now);
}

void EventThrottle::write_due(Clock::time_point now) {
  for (auto& state : states_)
    write_due(state, now);
}

void EventThrottle::write_kept() {
  for (auto& state : states_)
    if (auto kept = std::exchange(state.kept, {}))
      log_.write(kept->with("suppressed", std::exchange(state.suppressed, 0)));
}

Clock::time_point EventThrottle::due() const {
  auto earliest = Clock::time_point::max();
  for (const auto& state : states_)
    if (state.kept)
      earliest = std::min(earliest, state.silent_until);
  return earliest;
}

void EventThrottle::write_due(State& state, Clock::time_point now) {
  if (!state.kept || now < state.silent_until)
    return;
  log_.write(state.kept->with("suppressed", state.suppressed));
  state = {now + pause, {}, 0};
}

} // namespace listener
