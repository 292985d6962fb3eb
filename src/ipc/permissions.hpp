// SPDX-License-Identifier: ISC
// The requests that are permitted in each phase of a session, and how often. Used by the monitor
// and the keeper, which treat the front as hostile.
#pragma once

#include "ipc/message.hpp"

#include <array>
#include <cstdint>

namespace ipc {

enum class Phase : std::uint8_t {
  introduction,  ///< In the monitor, before a proxy's header has named the client.
  authorization, ///< In the monitor, before login.
  transaction,   ///< In the keeper, from login to CommitRequest.
  update         ///< In the keeper, after CommitRequest.
};

class Permissions {
 public:
  /// Permits `attempts` login attempts in all, by any kind of request.
  explicit Permissions(std::uint32_t attempts) : attempts_(attempts) {}

  /// Counts `request`. False when it is not permitted now or not again: a ProtocolViolation.
  bool take(const Request& request);
  void enter(Phase phase) { phase_ = phase; }

 private:
  Phase phase_ = Phase::authorization;
  std::uint32_t attempts_;
  std::uint32_t attempts_taken_ = 0;
  std::array<std::uint32_t, std::variant_size_v<Request>> taken_{};
};

} // namespace ipc
