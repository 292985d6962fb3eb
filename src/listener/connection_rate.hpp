// SPDX-License-Identifier: ISC
// Limits how many connections one network may open in a time: a token bucket for each network.
#pragma once

#include "base/address.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace listener {

class ConnectionRate {
 public:
  using Clock = std::chrono::steady_clock;

  /// The time in which an empty bucket becomes full: as many connections as a network may have at
  /// once, it may open again every five seconds. With 50 of them that are ten a second, where two
  /// cores serve 400; clients poll once a minute, so that 600 of them have room behind one address.
  static constexpr std::chrono::seconds refill{5};
  /// The least size of a bucket, where a network may have only few connections at once.
  static constexpr unsigned least_burst = 50;
  /// The most networks at once. Then the network with the fullest bucket gives way.
  static constexpr std::size_t places = 1024;

  /// Whether `network`, a result of network_of_client(), may open one more connection at `now`,
  /// when its bucket has room for `burst`, but for at least least_burst.
  bool permits(const base::Address& network, unsigned burst, Clock::time_point now) const;
  /// Takes one connection from the bucket.
  void note(const base::Address& network, unsigned burst, Clock::time_point now);

 private:
  struct Place {
    base::Address network;
    Clock::time_point full_at = Clock::time_point::min(); // the emptier the bucket, the later
  };
  std::array<Place, places> places_;
};

} // namespace listener
