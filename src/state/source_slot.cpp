// SPDX-License-Identifier: ISC
#include "state/source_slot.hpp"

#include "state/slot_locks.hpp"

#include <cassert>

namespace state {

std::optional<base::UniqueFd> take_source_slot(const std::string& path, std::string_view network,
                                               unsigned count) {
  assert(count >= 1 && count <= most_source_slots);
  return hold_slot(path, slot_range(network, most_source_slots), count,
                   std::chrono::steady_clock::now());
}

} // namespace state
