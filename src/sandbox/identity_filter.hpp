// SPDX-License-Identifier: ISC
// The identities that a process which is still root may take, as the beginning of its filter of
// system calls. They depend on the settings, so that they are no row of allowed_calls.
#pragma once

#include "base/account.hpp"

#include <array>
#include <cstddef>
#include <linux/filter.h>
#include <sys/types.h>

namespace sandbox {

/// Any uid and gid from the least on, and those of the front's account.
struct PermittedIdentities {
  uid_t least_uid = 0;
  gid_t least_gid = 0;
  base::Identity front;

  bool has_uid(uid_t uid) const { return uid >= least_uid || uid == front.uid; }
  bool has_gid(gid_t gid) const { return gid >= least_gid || gid == front.gid; }
  /// True when each identity of `other` is one of these.
  bool include(const PermittedIdentities& other) const {
    return other.least_uid >= least_uid && other.least_gid >= least_gid &&
           has_uid(other.front.uid) && has_gid(other.front.gid);
  }
};

constexpr std::size_t identity_filter_steps = 40;

/// Steps to stand before any other filter: they kill a process that calls setresuid(2),
/// setresgid(2), setfsuid(2) or setfsgid(2) with another number than one that is permitted, or than
/// -1, which changes nothing. They allow nothing: what they let pass, the filter behind them
/// judges, architecture included.
std::array<sock_filter, identity_filter_steps>
identity_filter(const PermittedIdentities& permitted);

} // namespace sandbox
