// SPDX-License-Identifier: ISC
// The networks that are refused for a time, because a process of one of their sessions has crashed:
// an attacker who tries out an overflow makes one process after another crash.
#pragma once

#include "base/address.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace listener {

class CrashPenalties {
 public:
  using Clock = std::chrono::steady_clock;

  /// The time for which a network is refused. At one guess a minute, the 128 guesses that an octet
  /// takes on average last two hours; a client that meets a bug of this server comes back soon.
  static constexpr std::chrono::seconds duration{60};
  /// The most networks at once, so that an attacker with many of them takes no memory. Then the
  /// network whose time ends first gives way.
  static constexpr std::size_t places = 64;

  /// Refuses `network`, a result of network_of(), for `duration` from `now` on.
  void add(const base::Address& network, Clock::time_point now);
  bool has(const base::Address& network, Clock::time_point now) const;

 private:
  struct Place {
    base::Address network;
    Clock::time_point until = Clock::time_point::min();
  };
  std::array<Place, places> places_;
};

} // namespace listener
