// SPDX-License-Identifier: ISC
// Restricts the listener before its first client. The listener and the monitors, which are its
// children, can do no more than sessions need.
#pragma once

namespace sandbox {

/// Gives up capabilities. Root keeps those to become another user and group, to change the root
/// directory and to signal other users' processes, and loses all others, from its bounding set too;
/// any other user loses all. Then forbids new privileges, core files and tracing, and installs the
/// listener's filter of system calls. Throws std::system_error; the process must then end.
void harden_listener();

/// Forbids only core files and tracing. For a site whose sessions run a checkpassword program: the
/// program inherits all restrictions, but must read its files and become other users. Throws
/// std::system_error.
void harden_listener_of_programs();

} // namespace sandbox
