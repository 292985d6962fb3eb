// SPDX-License-Identifier: ISC
// The system calls that each confined role may make; any other kills it. The filters are made from
// these tables when the program is built (filter_generator.cpp).
#pragma once

#include <cstdint>
#include <span>

namespace sandbox {

/// Roles that are confined. The monitor becomes the keeper, so that it is not among them; where it
/// comes from a listener, it has that one's filter until then.
enum class Role : std::uint8_t { front, verifier, keeper, listener };

/// The call `name`, with any arguments, or where `mask` is not 0 only with
/// (argument & mask) == value. A call may have several rows.
struct AllowedCall {
  const char* name;
  unsigned argument = 0;
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
};

std::span<const AllowedCall> allowed_calls(Role role);

} // namespace sandbox
