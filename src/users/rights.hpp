// SPDX-License-Identifier: ISC
// The rights of a user, or of one of the user's app passwords, once the password is right.
#pragma once

#include "base/network.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace users {

struct Rights {
  bool read_only = false;                 ///< No message is removed or flagged.
  std::optional<base::Networks> networks; ///< Nothing: all addresses are allowed.
  std::optional<std::int64_t> expires;    ///< Seconds since 1970; refused from this second on.
};

namespace rights_problem {
/// The client's address is in none of the networks.
inline constexpr base::Problem network{"logins from that network are not allowed"};
/// The time of Rights::expires is reached.
inline constexpr base::Problem expired{"its last day is over"};
} // namespace rights_problem

/// The reason to refuse `client` at `now`, in seconds since 1970, if there is one. No address
/// stands for a pipe or a local socket. When both problems apply, it is the network: a client in a
/// network that is not allowed must not learn that the password was right.
std::optional<base::Problem> problem(const Rights& rights,
                                     const std::optional<base::Address>& client, std::int64_t now);

/// The first second after the day `date`, which is written as 2027-01-31, in UTC. Nothing when
/// `date` is no day of the calendar.
std::optional<std::int64_t> end_of_day(std::string_view date);

/// The day, in UTC, of the second before `end`, as 2027-01-31: the reverse of end_of_day().
std::string last_day(std::int64_t end);

/// Most app passwords of one user: more than a user has devices, and few enough for one line.
inline constexpr std::size_t max_app_passwords = 16;
/// Most octets of the label of an app password.
inline constexpr std::size_t max_label = 64;

/// One app password as the users file has it; app_password.hpp compares typed passwords with it.
struct AppPassword {
  std::string label;  ///< 1 to max_label of A-Z a-z 0-9 . - _ @ +
  std::string salt;   ///< Base64 without padding, not yet decoded.
  std::string digest; ///< Base64 without padding, not yet decoded.
  Rights rights;
};

} // namespace users
