// SPDX-License-Identifier: ISC
// Tells a crash from other ends of a process.
#pragma once

#include <sysexits.h>

namespace base {

/// The exit status of a process that has ended because a child of its has crashed.
inline constexpr int child_crashed = EX_SOFTWARE;

/// True when a process with this status of waitpid(2) has crashed, or has exited with
/// child_crashed. A crash is the end by a signal that a fault of the process raises: an invalid
/// access, an overwritten stack canary, a system call that its filter forbids. Signals that other
/// processes send to end it, such as SIGTERM and SIGKILL, are none.
bool is_crash(int status);

} // namespace base
