// SPDX-License-Identifier: ISC
// The sandbox of a role: no new privileges, limits, Landlock, the filter of system calls. Runs in
// the process that is to be confined, as the last step before it reads hostile input.
#pragma once

#include "config/settings.hpp"
#include "sandbox/allowed_calls.hpp"
#include "sandbox/identity_filter.hpp"

#include <optional>
#include <sys/resource.h>

namespace sandbox {

/// The needs of one process in addition to those of its role.
struct Needs {
  rlim_t file_octets = 0; ///< Of the longest file that it writes.
  rlim_t hash_octets = 0; ///< Of the memory for a hash.
};

/// Confines the calling process, of any role but the listener, for good. With a `maildir` (a
/// directory descriptor) it can still open the files below that directory, and no others. Gives
/// whether Landlock is in force; kernels before 5.19 have none that allows renames. Without it the
/// other steps are still done, unless the site requires Landlock: then throws std::runtime_error
/// before any limit or filter is in place. The processor time, the memory and the length of files
/// are limited; a front whose replies go to a file has no limit of that length. Throws
/// std::system_error when another step fails. After an exception the process must end. A build with
/// sanitizers, which make calls of their own, has no filter.
bool confine(Role role, int maildir = -1,
             config::Settings::Sandbox policy = config::Settings::Sandbox::tolerate,
             const Needs& needs = {});

/// Closes the descriptors above 2, except `kept`, which may be -1. Throws std::system_error.
void close_all_but(int kept);

/// Restricts the listener before its first client, so that the listener and the monitors, which are
/// its children, can do no more than sessions need. Gives up capabilities: root, which `identities`
/// are for, keeps those to become another user and group, to change the root directory and to
/// signal other users' processes, and loses all others, from its bounding set too; any other user
/// loses all. Then forbids new privileges, core files and tracing, and installs the listener's
/// filter of system calls, by which root can take only the given identities, with a new
/// restart_key; with one, the filter is there from before a restart. There is no Landlock and no
/// other limit, as the children enter their own sandboxes. Throws std::system_error; the process
/// must then end.
void harden_listener(const std::optional<PermittedIdentities>& identities);

/// The same for a monitor that a super-server has started, which gets no restart_key. The bounding
/// set stays, as it matters only when a program is run, which the filter refuses, and would cost 80
/// system calls.
void harden_monitor(const std::optional<PermittedIdentities>& identities);

} // namespace sandbox
