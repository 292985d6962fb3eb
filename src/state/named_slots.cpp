// SPDX-License-Identifier: ISC
#include "state/named_slots.hpp"

#include "base/digest.hpp"
#include "base/system_error.hpp"
#include "state/slot_locks.hpp"

#include <cassert>
#include <cstring>
#include <fcntl.h>

namespace state {

namespace {

using Clock = std::chrono::steady_clock;

std::optional<base::UniqueFd> take_slot(const std::string& path, std::string_view name,
                                        unsigned width, unsigned count,
                                        Clock::time_point deadline) {
  assert(count >= 1 && count <= width);
  const auto first = slot_range(name, width);
  const base::UniqueFd claim = open_slots(path);
  const auto index = lock_slot(claim.get(), first, count, deadline);
  if (!index)
    return {};
  base::UniqueFd held(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!held)
    base::throw_errno(path);
  // An exclusive lock needs a writable descriptor. To keep out processes that want an exclusive
  // lock, a shared one is enough. The octet is locked at all times.
  share_slot(claim.get(), first + off_t{*index});
  share_slot(held.get(), first + off_t{*index});
  return held;
}

} // namespace

static_assert(sizeof(off_t) == sizeof(std::uint64_t));

off_t slot_range(std::string_view name, std::uint64_t width) {
  assert(width > 0 && (width & (width - 1)) == 0);
  const auto digest = base::blake2b<32>(name);
  std::uint64_t number;
  std::memcpy(&number, digest.data(), sizeof number);
  const std::uint64_t ranges = (std::uint64_t{1} << 63) / width;
  return static_cast<off_t>(number % ranges * width);
}

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
