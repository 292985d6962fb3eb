// SPDX-License-Identifier: ISC
#include "listener/connection_rate.hpp"

#include <algorithm>

namespace listener {

namespace {

/// The time in which a bucket gets room for one connection more.
ConnectionRate::Clock::duration interval_of(unsigned burst) {
  return ConnectionRate::Clock::duration(ConnectionRate::refill) /
         std::max(burst, ConnectionRate::least_burst);
}

} // namespace

bool ConnectionRate::permits(const base::Address& network, unsigned burst,
                             Clock::time_point now) const {
  const auto* place = std::ranges::find(places_, network, &Place::network);
  return place == places_.end() || place->full_at <= now + refill - interval_of(burst);
}

void ConnectionRate::note(const base::Address& network, unsigned burst, Clock::time_point now) {
  auto* place = std::ranges::find(places_, network, &Place::network);
  if (place == places_.end()) {
    place = std::ranges::min_element(places_, {}, &Place::full_at);
    *place = {network};
  }
  place->full_at = std::max(place->full_at, now) + interval_of(burst);
}

} // namespace listener
