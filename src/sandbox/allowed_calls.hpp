// SPDX-License-Identifier: ISC
// The system calls that each role may make; any other call kills the process. The filters are made
// from these tables when the program is built (filter_generator.cpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace sandbox {

/// Roles that are confined. The monitor is not among them, as it becomes the keeper. Until then it
/// has the listener's filter.
enum class Role : std::uint8_t { front, verifier, keeper, listener };

/// As --print-cage prints them.
constexpr std::pair<Role, const char*> role_names[] = {{Role::front, "front"},
                                                       {Role::verifier, "verifier"},
                                                       {Role::keeper, "keeper"},
                                                       {Role::listener, "listener"}};

/// True where (argument & mask) == value. Without a mask it is always true.
struct Condition {
  unsigned argument = 0;
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
};

constexpr std::size_t most_conditions = 3;

/// The call `name`, where all conditions are true. A call may have several rows.
struct AllowedCall {
  const char* name;
  std::array<Condition, most_conditions> conditions{};

  constexpr bool has_conditions() const { return conditions[0].mask != 0; }
};

std::span<const AllowedCall> allowed_calls(Role role);

} // namespace sandbox
