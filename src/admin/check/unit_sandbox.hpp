// SPDX-License-Identifier: ISC
// What a unit of systemd gives to the processes of its service and takes from them, for a host on
// which systemd does not run: mounts, capabilities, groups, umask and account.
#pragma once

#include "admin/check/launcher_files.hpp"
#include "base/account.hpp"

#include <sys/types.h>
#include <vector>

namespace admin {

/// Gives this process what the launcher gives to sodapopd: of systemd ProtectSystem, ProtectHome,
/// PrivateTmp, ReadWritePaths, ReadOnlyPaths, CapabilityBoundingSet and UMask, see systemd.exec(5),
/// and of each launcher the account with these supplementary groups. For a child process that calls
/// execve(2) next: only then the bounding set holds. The mounts are in a namespace of this process,
/// and are left out where the kernel allows none. A process without privileges keeps all that it
/// has but the umask. Throws std::system_error, for a path that is missing, too.
void enter_unit(const Launcher& launcher, const base::Identity& account,
                const std::vector<gid_t>& groups);

} // namespace admin
