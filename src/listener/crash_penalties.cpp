// SPDX-License-Identifier: ISC
#include "listener/crash_penalties.hpp"

#include <algorithm>

namespace listener {

void CrashPenalties::add(const base::Address& network, Clock::time_point now) {
  auto* place = std::ranges::find(places_, network, &Place::network);
  if (place == places_.end())
    place = std::ranges::min_element(places_, {}, &Place::until);
  *place = {network, now + duration};
}

bool CrashPenalties::has(const base::Address& network, Clock::time_point now) const {
  const auto is_it = [&](const Place& one) { return now < one.until && one.network == network; };
  return std::ranges::any_of(places_, is_it);
}

} // namespace listener
