// SPDX-License-Identifier: ISC
// What the listening process gives up before its first client: it and the monitors, which are its
// children, can do no more than sessions need.
#pragma once

namespace sandbox {

/// Root keeps the capabilities to become another user and group, to change the root directory and
/// to signal other users' processes, and loses all others, from its bounding set too; anybody else
/// loses all. Then no new privileges, no core files, nothing to be traced, and the listener's
/// filter of system calls. Throws std::system_error; the process must then end.
void harden_listener();

/// What is left of that where sessions run the site's checkpassword program, which inherits all of
/// it and has to read what it reads and become whom it becomes: no core files, nothing to be
/// traced. Throws std::system_error.
void harden_listener_of_programs();

} // namespace sandbox
