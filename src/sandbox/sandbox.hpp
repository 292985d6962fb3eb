// SPDX-License-Identifier: ISC
// The cage of a role: no new privileges, limits, Landlock, the filter of system calls. Runs in the
// process that is to be confined, as the last thing before it trusts nobody.
#pragma once

#include "config/settings.hpp"
#include "sandbox/allowed_calls.hpp"

namespace sandbox {

/// What this build and kernel gave.
struct Confinement {
  bool has_landlock = false; ///< False: the kernel has none that allows renames (before 5.19).
  bool has_filter =
      false; ///< False only in a build with sanitizers, which make calls of their own.
};

/// Confines the calling process for good. With a `maildir` (a directory descriptor) the files below
/// it stay within reach, nothing else does. Without Landlock the rest is done all the same, unless
/// the site requires it. Throws std::runtime_error then, before any limit or filter is in place,
/// and std::system_error when another step fails; the process must then end. A listener gets
/// neither Landlock nor limits, but that no core is dumped: its children go on to their own cages.
Confinement confine(Role role, int maildir = -1,
                    config::Settings::Sandbox policy = config::Settings::Sandbox::tolerate);

} // namespace sandbox
