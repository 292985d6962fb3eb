// SPDX-License-Identifier: ISC
// Landlock (landlock(7)): takes files, sockets and signals away from a process, root included.
#pragma once

namespace sandbox {

/// True where restrict_by_landlock() has an effect.
bool has_landlock();

/// Leaves the calling process, which must have no new privileges, only the files below the
/// directory with the descriptor `maildir`, to read, write, make, rename and remove; none with -1.
/// Where the kernel can, also refuses to bind and connect TCP sockets (from version 4 of Landlock
/// on), and to connect to abstract Unix sockets of processes outside and to signal these processes
/// (from version 6 on). False, with nothing done, on kernels before 5.19, whose Landlock permits no
/// rename between folders. Throws std::system_error.
bool restrict_by_landlock(int maildir);

} // namespace sandbox
