// SPDX-License-Identifier: ISC
// Which request is permitted in which phase of a session, and how often. Used by the monitor and
// the keeper, who distrust the front.
#pragma once

#include "ipc/message.hpp"

#include <array>
#include <cstdint>

namespace ipc {

enum class Phase : std::uint8_t {
  introduction,  ///< The monitor's, where a proxy has to say first whose the connection is.
  authorization, ///< The monitor's.
  transaction,   ///< The keeper's, from login to CommitRequest.
  update         ///< After CommitRequest.
};

class Permissions {
 public:
  /// As many attempts to log in, by whatever request, as `attempts`.
  explicit Permissions(std::uint32_t attempts) : attempts_(attempts) {}

  /// Counts `request`. False when it must not come now, or not again: a ProtocolViolation.
  bool take(const Request& request);
  void enter(Phase phase) { phase_ = phase; }

 private:
  Phase phase_ = Phase::authorization;
  std::uint32_t attempts_;
  std::uint32_t attempts_taken_ = 0;
  std::array<std::uint32_t, std::variant_size_v<Request>> taken_{};
};

} // namespace ipc
