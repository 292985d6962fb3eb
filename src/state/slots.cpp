// SPDX-License-Identifier: ISC
#include "state/slots.hpp"

#include "base/system_error.hpp"
#include "state/octet_lock.hpp"

#include <algorithm>
#include <cassert>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace state {

namespace {

using Clock = std::chrono::steady_clock;

/// Each pause between two looks is twice as long as the one before: a look may try a thousand
/// octets.
constexpr std::chrono::milliseconds first_pause{10};

std::optional<unsigned> lock_slot(int fd, off_t first, unsigned count, Clock::time_point deadline) {
  for (Clock::duration pause = first_pause;; pause *= 2) {
    if (const auto index = lock_one_of(fd, first, count))
      return index;
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero())
      return {};
    std::this_thread::sleep_for(std::min(left, pause));
  }
}

std::optional<base::UniqueFd> take_slot(const std::string& path, std::string_view name,
                                        unsigned width, unsigned count,
                                        Clock::time_point deadline) {
  assert(count >= 1 && count <= width);
  const auto first = octet_range(name, width);
  const base::UniqueFd claim = open_lock_file(path);
  const auto index = lock_slot(claim.get(), first, count, deadline);
  if (!index)
    return {};
  base::UniqueFd held(base::check(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW), path));
  // An exclusive lock needs a writable descriptor. To keep out processes that want an exclusive
  // lock, a shared one is enough. The octet is locked at all times.
  share_lock(claim.get(), first + off_t{*index});
  share_lock(held.get(), first + off_t{*index});
  return held;
}

} // namespace

std::optional<base::UniqueFd> take_user_slot(const std::string& path, std::string_view user,
                                             unsigned count, Clock::time_point deadline) {
  return take_slot(path, user, most_user_slots, count, deadline);
}

std::optional<base::UniqueFd> take_source_slot(const std::string& path,
                                               const base::Address& network, unsigned count) {
  const auto& octets = network.octets;
  const std::string_view name(reinterpret_cast<const char*>(octets.data()), octets.size());
  return take_slot(path, name, most_source_slots, count, Clock::now());
}

} // namespace state
