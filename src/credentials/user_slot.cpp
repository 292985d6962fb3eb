// SPDX-License-Identifier: ISC
#include "credentials/user_slot.hpp"

#include "base/system_error.hpp"
#include "credentials/slot_locks.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sodium/crypto_generichash.h>

namespace credentials {

static_assert(sizeof(off_t) == sizeof(std::uint64_t));

off_t user_range(std::string_view user) {
  std::array<unsigned char, crypto_generichash_BYTES> digest;
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(user.data()), user.size(), nullptr, 0);
  std::uint64_t number;
  std::memcpy(&number, digest.data(), sizeof number);
  constexpr std::uint64_t ranges = (std::uint64_t{1} << 63) / most_user_slots;
  return static_cast<off_t>(number % ranges * most_user_slots);
}

std::optional<base::UniqueFd> take_user_slot(const std::string& path, std::string_view user,
                                             unsigned count,
                                             std::chrono::steady_clock::time_point deadline) {
  assert(count >= 1 && count <= most_user_slots);
  const base::UniqueFd claim = open_slots(path);
  const off_t range = user_range(user);
  const auto index = lock_slot(claim.get(), range, count, deadline);
  if (!index)
    return {};
  base::UniqueFd held(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!held)
    base::throw_errno(path);
  // A lock that keeps everybody out needs a writable descriptor; to keep out those who want such a
  // one, a shared one does. At no moment is there none.
  share_slot(claim.get(), range + off_t{*index});
  share_slot(held.get(), range + off_t{*index});
  return held;
}

} // namespace credentials
