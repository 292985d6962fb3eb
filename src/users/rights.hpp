// SPDX-License-Identifier: ISC
// What a user, or somebody with one of the user's app passwords, may do once the password is right.
#pragma once

#include "base/network.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace users {

struct Rights {
  bool read_only = false;                 ///< Nothing is removed and nothing is flagged.
  std::optional<base::Networks> networks; ///< Nothing: from everywhere.
  std::optional<std::int64_t> expires;    ///< The first second, since 1970, that is too late.
};

enum class RightsProblem {
  network, ///< The client's address is in none of the networks.
  expired, ///< The time has come.
};

/// As a log shows it: `network` or `expired`.
std::string_view log_name(RightsProblem problem);
/// As a terminal shows it, without full stop.
std::string_view description(RightsProblem problem);

/// What keeps `client` out in the second `now`, if anything does; no address stands for a pipe or
/// a local socket. Where both do, it is the network: nobody in a foreign one is to learn that a
/// password was right.
std::optional<RightsProblem> problem(const Rights& rights,
                                     const std::optional<base::Address>& client, std::int64_t now);

/// App passwords of one user: a device each, with room to spare, and a line's length for them all.
inline constexpr std::size_t max_app_passwords = 16;
/// Octets of the label of an app password.
inline constexpr std::size_t max_label = 64;

/// One app password as the users file has it; app_password.hpp says what fits it.
struct AppPassword {
  std::string label;  ///< 1 to max_label of A-Z a-z 0-9 . - _ @ +
  std::string salt;   ///< Base64 without padding, not yet decoded.
  std::string digest; ///< The same.
  Rights rights;
};

} // namespace users
