// SPDX-License-Identifier: ISC
// Stores from which networks users have logged in lately, also across reboots: such a login does
// not wait for what others have guessed. Its loss costs only these exemptions.
#pragma once

#include "base/address.hpp"
#include "state/last_uses.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace state {

/// A LastUses. Networks are those of network_of_client(); times are in seconds since 1970.
class UsualNetworks {
 public:
  /// A login makes its network usual for 30 days: longer than a holiday.
  static constexpr std::int64_t lifetime = std::int64_t{30} * 86'400;
  /// Seconds within which a second login of a user from the same network is not written.
  static constexpr std::int64_t resolution = 86'400;

  /// Opens the file `usual-networks` in `state_directory` by LastUses::open().
  static std::optional<UsualNetworks> open(const std::string& state_directory);
  /// What open() refuses, in words.
  static constexpr std::string_view refusal =
      "usual-networks is not a regular file that only its account may read and write";
  explicit UsualNetworks(LastUses uses) : uses_(std::move(uses)) {}

  /// Records a login of `user` from the network of `client`. Throws std::system_error, which need
  /// not prevent the login.
  void note(std::string_view user, const base::Address& client, std::int64_t now);
  /// True when `user` has logged in from there within the lifetime. A time in the future, which a
  /// clock that was set back leaves, counts within the lifetime, too. Throws std::system_error.
  bool is_usual(std::string_view user, const base::Address& client, std::int64_t now) const;
  /// The same for any user.
  bool has_usual(const base::Address& client, std::int64_t now) const;

 private:
  bool is_recent(std::string_view user, const base::Address& client, std::int64_t now) const;

  LastUses uses_;
};

} // namespace state
