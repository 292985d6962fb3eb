// SPDX-License-Identifier: ISC
#include "state/user_slot.hpp"

#include "state/slot_locks.hpp"

#include <cassert>

namespace state {

off_t user_range(std::string_view user) {
  return slot_range(user, most_user_slots);
}

std::optional<base::UniqueFd> take_user_slot(const std::string& path, std::string_view user,
                                             unsigned count,
                                             std::chrono::steady_clock::time_point deadline) {
  assert(count >= 1 && count <= most_user_slots);
  return hold_slot(path, user_range(user), count, deadline);
}

} // namespace state
