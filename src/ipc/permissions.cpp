// SPDX-License-Identifier: ISC
#include "ipc/permissions.hpp"

namespace ipc {

namespace {

Permission permission_of(const Request& request) {
  return std::visit([](const auto& one) { return one.permission; }, request);
}

} // namespace

bool Permissions::take(const Request& request) {
  const auto permission = permission_of(request);
  auto& taken = permission.is_attempt ? attempts_taken_ : taken_[request.index()];
  const auto most = permission.is_attempt ? attempts_ : permission.most;
  if (!permission.is_in(phase_) || taken == most)
    return false;
  ++taken;
  return true;
}

} // namespace ipc
