// SPDX-License-Identifier: ISC
// Counts the requests of a session against their permissions. Used by the monitor and the keeper,
// which treat the front as hostile.
#pragma once

#include "ipc/request.hpp"

#include <array>
#include <cstdint>
#include <variant>

namespace ipc {

class Permissions {
 public:
  /// Permits `attempts` login attempts in all, by any kind of request.
  explicit Permissions(std::uint32_t attempts) : attempts_(attempts) {}

  /// Counts `request`. False when it is not permitted now or not again: a ProtocolViolation.
  bool take(const Request& request) {
    const auto permission = std::visit([](const auto& one) { return one.permission; }, request);
    auto& taken = permission.is_attempt ? attempts_taken_ : taken_[request.index()];
    const auto most = permission.is_attempt ? attempts_ : permission.most;
    if (!permission.is_in(phase_) || taken == most)
      return false;
    ++taken;
    return true;
  }
  void enter(Phase phase) { phase_ = phase; }

 private:
  Phase phase_ = Phase::authorization;
  std::uint32_t attempts_;
  std::uint32_t attempts_taken_ = 0;
  std::array<std::uint32_t, std::variant_size_v<Request>> taken_{};
};

} // namespace ipc
